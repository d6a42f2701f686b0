"""Modules written into a graph, one by one, along a batch that goes through them."""

from __future__ import annotations

import numpy as np

from nntrain.errors import CheckpointError, NntrainError
from nntrain.nn.module import Module
from nntrain_onnx.graph import Graph
from nntrain_onnx.wire import Flow, arrays, named, wired
from nntrain_onnx.writers import (
    activations,
    arithmetic,
    containers,
    convolutions,
    normalizations,
    poolings,
    products,
    resamplings,
    shapes,
    tables,
)
from nntrain_onnx.writers.writer import Writer

__all__ = ["ModuleGraph", "supported"]

FAMILIES = (
    activations,
    arithmetic,
    containers,
    convolutions,
    normalizations,
    poolings,
    products,
    resamplings,
    shapes,
    tables,
)


def supported() -> dict[str, Writer]:
    """The writers of all classes that ONNX has a counterpart for, by the names of the classes."""
    return {name: writer for family in FAMILIES for name, writer in family.WRITERS.items()}


class ModuleGraph(Graph):
    """A graph of modules in prediction. ``where``: the file, for messages."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.writers = supported()
        # Where the largest elements came from, by the pooling: an unpooling elsewhere needs it.
        self.indices: dict[int, str] = {}
        # The same module of a second network: each batch goes through one of its own, as some modules look at what
        # others remember of the batch before.
        self.twins: dict[int, Module] = {}

    def network(self, model: Module, x: Flow) -> Flow:
        """What a whole network gives for x.

        CheckpointError, with the places, for classes that ONNX has nothing for, and as ``module`` says.
        """
        unknown = [f"{name} (module {place})" if place else name for place, name in self.unknown(model)]
        if unknown:
            raise self.error(f"ONNX has no counterpart for {', '.join(unknown)}")
        twins = model.clone().list_modules()
        self.twins = {id(module): twin for module, twin in zip(model.list_modules(), twins, strict=True)}
        return self.module(model, x)

    def unknown(self, module: Module, place: str = "") -> list[tuple[str, str]]:
        """The place and class of every module that cannot be written."""
        name = type(module).__name__
        if name not in self.writers:
            return [(place, name)]
        inner = enumerate(module.children())
        return [found for index, child in inner for found in self.unknown(child, f"{place}.{index}".lstrip("."))]

    def module(self, module: Module, x: Flow, index: int | None = None) -> Flow:
        """What a module gives for x. ``index``: its position among the modules of the one that is being written.

        CheckpointError, with the place, for an x that it cannot take, and for what no operator does.
        """
        outside = self.place
        if index is not None:
            self.place = f"{outside}.{index}".lstrip(".")
        name = type(module).__name__
        try:
            with np.errstate(all="ignore"):
                twin = self.twins.get(id(module), module)
                y = wired(module.forward(arrays(x, "few")), twin.forward(arrays(x, "more")))
            made = named(y, self.writers[name](self, module, x, y))
        except CheckpointError as error:
            if str(error).startswith(self.where):
                raise
            raise self.error(f"{name}: {error}") from error
        except (NntrainError, LookupError, TypeError, ValueError) as error:
            raise self.error(f"{name}: {' '.join(str(error).split())}") from error
        self.place = outside
        return made

    def error(self, what: str) -> CheckpointError:
        """An error at the module that is being written."""
        return CheckpointError(f"{self.where}: {f'module {self.place}: ' if self.place else ''}{what}")
