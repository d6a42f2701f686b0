"""A graph built module by module, while two batches run through the network."""

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
from nntrain_onnx.traced_array import IntegerWriter, TracedArray, TracedValue, get_arrays, trace_values, with_names
from nntrain_onnx.writers.writer_registry import HOOK, WriterRegistry


class ModuleGraph(OnnxGraph):
    """A graph of modules in evaluation mode. ``where``: the file, for errors."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.writers = WriterRegistry()
        # The names of the indices of max poolings, by the pooling's id, for unpoolings.
        self.indices: dict[int, str] = {}
        # The modules of a second network, by the id of the first: each batch has a network of its own, as some modules
        # read the state that others stored for the last batch.
        self.twins: dict[int, Module] = {}
        self.limit = MemoryLimit(MIN_BYTES)

    def add_network(self, model: Module, x: TracedValue) -> TracedValue:
        """Add a network; return its output for x.

        CheckpointError, with the paths, for classes without a counterpart in ONNX, and as in ``add_module``.
        """
        unknown = list(self.find_unsupported(model))
        if unknown:
            names = ", ".join(f"{name} (module {path})" if path else name for path, _, name in unknown)
            raise self.create_error(
                f"ONNX has no counterpart for {names}{format_advice([cls for _, cls, _ in unknown])}"
            )
        self.limit = MemoryLimit(get_limit_for_rows([get_arrays(x, "small_batch"), get_arrays(x, "large_batch")]))
        twins = model.clone().list_modules()
        self.twins |= {id(module): twin for module, twin in zip(model.list_modules(), twins, strict=True)}
        return self.add_module(model, x)

    def find_unsupported(self, module: Module, path: str = "") -> Iterator[tuple[str, type[Module], str]]:
        """Yield the path, the class and its description for every module that cannot be written."""
        try:
            self.writers.find(type(module))
        except CheckpointError as error:
            yield path, type(module), str(error)
            return
        for index, child in enumerate(module.children()):
            yield from self.find_unsupported(child, f"{path}.{index}".lstrip("."))

    def add_module(self, module: Module, x: TracedValue, index: int | None = None) -> TracedValue:
        """Add a module; return its output for x. ``index``: its position in the container that is being written.

        CheckpointError, with the path, for an x that does not fit, and for computations without an operator.
        """
        outside = self.place
        if index is not None:
            self.place = f"{outside}.{index}".lstrip(".")
        twin = self.twins.get(id(module), module)
        y = self.call_writer(module, x, lambda small, large: (module.forward(small), twin.forward(large)))
        self.place = outside
        return y

    def add_readout(self, criterion: Criterion, x: TracedValue) -> TracedValue:
        """Add the conversion of outputs that a criterion makes. CheckpointError without a suitable operator."""
        if type(criterion).to_output_form is Criterion.to_output_form:
            return x
        return self.call_writer(
            criterion, x, lambda small, large: (criterion.to_output_form(small), criterion.to_output_form(large))
        )

    def call_writer(self, component: Module | Criterion, x: TracedValue, compute: Any) -> TracedValue:
        """Return the output of a component's writer for x; ``compute`` returns the outputs for both batches."""
        name = type(component).__name__
        try:
            writer = self.writers.find(type(component))
            with use_memory_limit(self.limit), np.errstate(all="ignore"):
                y = trace_values(*compute(get_arrays(x, "small_batch"), get_arrays(x, "large_batch")))
            if not isinstance(writer, IntegerWriter):
                x = self.cast_to_float(x, y)
            return with_names(y, writer(self, component, x, y))
        except CheckpointError as error:
            if str(error).startswith(self.where):
                raise
            raise self.create_error(f"{name}: {error}") from error
        except (NntrainError, LookupError, TypeError, ValueError) as error:
            raise self.create_error(f"{name}: {' '.join(str(error).split())}") from error

    def cast_to_float(self, x: TracedValue, y: TracedValue) -> TracedValue:
        """x cast to float32 where a module converts integers to floating-point numbers."""
        if (
            not (isinstance(x, TracedArray) and isinstance(y, TracedArray))
            or x.small_batch.dtype.kind == "f"
            or y.small_batch.dtype.kind != "f"
        ):
            return x
        return replace(x, name=self.op("Cast", x.name, to="float32"))

    def create_error(self, message: str) -> CheckpointError:
        """Return an error at the module that is being written."""
        return CheckpointError(f"{self.where}: {f'module {self.place}: ' if self.place else ''}{message}")


def format_advice(classes: list[type[Module]]) -> str:
    """Return the advice for classes of plugins without a writer."""
    own = {
        entry.cls for plugin in get_registry().plugins if plugin.distribution == PROJECT for entry in plugin.provides
    }
    return "" if own.issuperset(classes) else f"; a plugin can provide one with the hook {HOOK}"
