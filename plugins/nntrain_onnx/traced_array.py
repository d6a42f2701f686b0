"""Values in a graph."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from nntrain.compute.array import Array, Shape, Value


@dataclass(frozen=True)
class TracedArray:
    """An array of the graph: its name, and its values for two batches of different sizes.

    Comparing the two shows the axes that grow with the rows; the values are not used otherwise.
    """

    name: str
    small_batch: Array
    large_batch: Array

    @property
    def shape(self) -> Shape:
        """The sizes, −1 where they grow with the rows."""
        return tuple(a if a == b else -1 for a, b in zip(self.small_batch.shape, self.large_batch.shape, strict=True))

    def require_fixed(self, axes: int) -> None:
        """Raise ValueError if one of the last ``axes`` grows with the rows, as the graph would depend on its size."""
        if -1 in self.shape[len(self.shape) - axes :]:
            raise ValueError("it moves over the rows of the batch")


# A TracedArray, or a list of them.
TracedValue: TypeAlias = Any


def trace_values(few: Value, more: Value) -> TracedValue:
    """Return the values of two batches as traced arrays without names. TypeError for a value that is not an array."""
    if isinstance(few, list | tuple):
        return [trace_values(a, b) for a, b in zip(few, more, strict=True)]
    if not isinstance(few, np.ndarray) or few.ndim != more.ndim:
        raise TypeError(f"{type(few).__name__} is not an array with the same axes for any number of rows")
    return TracedArray("", few.copy(), more.copy())


def get_arrays(flow: TracedValue, which: str) -> Value:
    """Return the values of ``flow`` in ``small_batch`` or in ``large_batch``."""
    return [get_arrays(item, which) for item in flow] if isinstance(flow, list) else getattr(flow, which)


def with_names(flow: TracedValue, names: str | Sequence[Any]) -> TracedValue:
    """Return ``flow`` with names, a list of them for a list."""
    if isinstance(flow, list):
        return [with_names(item, name) for item, name in zip(flow, names, strict=True)]
    return replace(flow, name=names)


def get_names(flow: TracedValue) -> Any:
    """Return the names of ``flow``."""
    return [get_names(item) for item in flow] if isinstance(flow, list) else flow.name


# (graph, module, input, output without names) → names of the output.
OnnxWriter: TypeAlias = Callable[[Any, Any, TracedValue, TracedValue], Any]


@dataclass(frozen=True)
class IntegerWriter:
    """The writer of a module that takes integers without a cast to floating-point numbers."""

    write: OnnxWriter

    def __call__(self, g: Any, m: Any, x: TracedValue, y: TracedValue) -> Any:
        return self.write(g, m, x, y)
