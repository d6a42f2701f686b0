"""Values on their way through a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from nntrain.compute.array import Array, Shape, Value

__all__ = ["OnnxWriter", "TracedArray", "TracedValue", "get_arrays", "get_names", "trace_values", "with_names"]


@dataclass(frozen=True)
class TracedArray:
    """An array of the graph: its name, and what it is in two batches of different sizes.

    Which axes grow with the rows is told by comparing the two; nothing else is taken from their values.
    """

    name: str
    small_batch: Array
    large_batch: Array

    @property
    def shape(self) -> Shape:
        """The sizes, −1 where they grow with the rows."""
        return tuple(a if a == b else -1 for a, b in zip(self.small_batch.shape, self.large_batch.shape, strict=True))

    def require_fixed(self, axes: int) -> None:
        """ValueError if one of so many last axes grows with the rows: what is written holds for the size at hand."""
        if -1 in self.shape[len(self.shape) - axes :]:
            raise ValueError("it moves over the rows of the batch")


# A wire, or a table of them.
TracedValue: TypeAlias = Any


def trace_values(few: Value, more: Value) -> TracedValue:
    """The values of two batches as wires without names. TypeError for what is no array."""
    if isinstance(few, list | tuple):
        return [trace_values(a, b) for a, b in zip(few, more, strict=True)]
    if not isinstance(few, np.ndarray) or few.ndim != more.ndim:
        raise TypeError(f"{type(few).__name__} is no array whose axes are the same for any number of rows")
    return TracedArray("", few.copy(), more.copy())


def get_arrays(flow: TracedValue, which: str) -> Value:
    """The values of ``flow`` in ``small_batch`` or in ``large_batch``."""
    return [get_arrays(item, which) for item in flow] if isinstance(flow, list) else getattr(flow, which)


def with_names(flow: TracedValue, names: str | Sequence[Any]) -> TracedValue:
    """``flow`` with names, a table of them for a table."""
    if isinstance(flow, list):
        return [with_names(item, name) for item, name in zip(flow, names, strict=True)]
    return replace(flow, name=names)


def get_names(flow: TracedValue) -> Any:
    """The names of ``flow``."""
    return [get_names(item) for item in flow] if isinstance(flow, list) else flow.name


# (graph, module, input, output without names) → the names of the output.
OnnxWriter: TypeAlias = Callable[[Any, Any, TracedValue, TracedValue], Any]
