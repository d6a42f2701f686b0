"""Modules written into a graph, one by one, along a batch that goes through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nntrain.compute.memory_limit import MIN_BYTES, MemoryLimit, get_limit_for_rows, use_memory_limit
from nntrain.errors import CheckpointError, NntrainError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import get_registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain_onnx.onnx_graph import OnnxGraph
from nntrain_onnx.traced_array import TracedArray, TracedValue, get_arrays, trace_values, with_names
from nntrain_onnx.writers.shapes import INTEGER_WRITERS
from nntrain_onnx.writers.writer_registry import HOOK, WriterRegistry

__all__ = ["ModuleGraph"]


class ModuleGraph(OnnxGraph):
    """A graph of modules in prediction. ``where``: the file, for messages."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.writers = WriterRegistry()
        # Where the largest elements came from, by the pooling: an unpooling elsewhere needs it.
        self.indices: dict[int, str] = {}
        # The same module of a second network: each batch goes through one of its own, as some modules look at what
        # others remember of the batch before.
        self.twins: dict[int, Module] = {}
        self.limit = MemoryLimit(MIN_BYTES)

    def add_network(self, model: Module, x: TracedValue) -> TracedValue:
        """What a whole network gives for x.

        CheckpointError, with the places, for classes that ONNX has nothing for, and as ``module`` says.
        """
        unknown = list(self.find_unsupported(model))
        if unknown:
            told = ", ".join(f"{what} (module {place})" if place else what for place, _, what in unknown)
            raise self.create_error(
                f"ONNX has no counterpart for {told}{format_advice([cls for _, cls, _ in unknown])}"
            )
        self.limit = MemoryLimit(get_limit_for_rows([get_arrays(x, "small_batch"), get_arrays(x, "large_batch")]))
        twins = model.clone().list_modules()
        self.twins |= {id(module): twin for module, twin in zip(model.list_modules(), twins, strict=True)}
        return self.add_module(model, x)

    def find_unsupported(self, module: Module, path: str = "") -> Iterator[tuple[str, type[Module], str]]:
        """The place, the class, and its description, of every module that cannot be written."""
        try:
            self.writers.find(type(module))
        except CheckpointError as error:
            yield path, type(module), str(error)
            return
        for index, child in enumerate(module.children()):
            yield from self.find_unsupported(child, f"{path}.{index}".lstrip("."))

    def add_module(self, module: Module, x: TracedValue, index: int | None = None) -> TracedValue:
        """What a module gives for x. ``index``: its position among the modules of the one that is being written.

        CheckpointError, with the place, for an x that it cannot take, and for what no operator does.
        """
        outside = self.place
        if index is not None:
            self.place = f"{outside}.{index}".lstrip(".")
        twin = self.twins.get(id(module), module)
        made = self.call_writer(module, x, lambda few, more: (module.forward(few), twin.forward(more)))
        self.place = outside
        return made

    def add_readout(self, criterion: Criterion, x: TracedValue) -> TracedValue:
        """What a criterion reads in the outputs of a network. CheckpointError where no operator does."""
        if type(criterion).to_output_form is Criterion.to_output_form:
            return x
        return self.call_writer(
            criterion, x, lambda few, more: (criterion.to_output_form(few), criterion.to_output_form(more))
        )

    def call_writer(self, component: Module | Criterion, x: TracedValue, computed: Any) -> TracedValue:
        """What the writer of a component makes of x, which computes that of two batches."""
        name = type(component).__name__
        try:
            writer = self.writers.find(type(component))
            with use_memory_limit(self.limit), np.errstate(all="ignore"):
                y = trace_values(*computed(get_arrays(x, "small_batch"), get_arrays(x, "large_batch")))
            if writer not in INTEGER_WRITERS:
                x = self.cast_to_float(x, y)
            return with_names(y, writer(self, component, x, y))
        except CheckpointError as error:
            if str(error).startswith(self.where):
                raise
            raise self.create_error(f"{name}: {error}") from error
        except (NntrainError, LookupError, TypeError, ValueError) as error:
            raise self.create_error(f"{name}: {' '.join(str(error).split())}") from error

    def cast_to_float(self, x: TracedValue, y: TracedValue) -> TracedValue:
        """x as floating numbers where a module makes such of whole ones."""
        if (
            not (isinstance(x, TracedArray) and isinstance(y, TracedArray))
            or x.small_batch.dtype.kind == "f"
            or y.small_batch.dtype.kind != "f"
        ):
            return x
        return replace(x, name=self.op("Cast", x.name, to="float32"))

    def create_error(self, what: str) -> CheckpointError:
        """An error at the module that is being written."""
        return CheckpointError(f"{self.where}: {f'module {self.place}: ' if self.place else ''}{what}")


def format_advice(classes: list[type[Module]]) -> str:
    """What to do about classes of plugins that have no writer."""
    own = {
        entry.cls for plugin in get_registry().plugins if plugin.distribution == PROJECT for entry in plugin.provides
    }
    return "" if own.issuperset(classes) else f"; a plugin gives one by the hook {HOOK}"
