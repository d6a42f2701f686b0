"""Values on their way through a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from nntrain.compute.array import Array, Shape, Value

__all__ = ["Flow", "Wire", "arrays", "named", "names", "wired"]


@dataclass(frozen=True)
class Wire:
    """An array of the graph: its name, and what it is in two batches of different sizes.

    Which axes grow with the rows is told by comparing the two; nothing else is taken from their values.
    """

    name: str
    few: Array
    more: Array

    @property
    def shape(self) -> Shape:
        """The sizes, −1 where they grow with the rows."""
        return tuple(a if a == b else -1 for a, b in zip(self.few.shape, self.more.shape, strict=True))

    def require_fixed(self, axes: int) -> None:
        """ValueError if one of so many last axes grows with the rows: what is written holds for the size at hand."""
        if -1 in self.shape[len(self.shape) - axes :]:
            raise ValueError("it moves over the rows of the batch")


# A wire, or a table of them.
Flow: TypeAlias = Any


def wired(few: Value, more: Value) -> Flow:
    """The values of two batches as wires without names. TypeError for what is no array."""
    if isinstance(few, list | tuple):
        return [wired(a, b) for a, b in zip(few, more, strict=True)]
    if not isinstance(few, np.ndarray) or few.ndim != more.ndim:
        raise TypeError(f"{type(few).__name__} is no array whose axes are the same for any number of rows")
    return Wire("", few.copy(), more.copy())


def arrays(flow: Flow, which: str) -> Value:
    """The values of ``flow`` in the batch of ``few`` rows, or of ``more``."""
    return [arrays(item, which) for item in flow] if isinstance(flow, list) else getattr(flow, which)


def named(flow: Flow, names: str | Sequence[Any]) -> Flow:
    """``flow`` with names, a table of them for a table."""
    if isinstance(flow, list):
        return [named(item, name) for item, name in zip(flow, names, strict=True)]
    return replace(flow, name=names)


def names(flow: Flow) -> Any:
    """The names of ``flow``."""
    return [names(item) for item in flow] if isinstance(flow, list) else flow.name
