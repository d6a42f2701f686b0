"""Walks through what flows between modules: arrays, numbers, and (nested) lists and dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nntrain.nn.array import Array, Value, is_array

__all__ = ["copied", "float_leaves", "leaves", "mapped", "sliced"]


def leaves(value: Value, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every array and number in ``value`` with its place, such as ``[0][2]``; None has no place."""
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from leaves(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{place}[{key!r}]")
    elif value is not None:
        yield place, value


def float_leaves(value: Value) -> list[tuple[str, Array]]:
    """The arrays of floating numbers in ``value``: what can have a slope."""
    return [(place, leaf) for place, leaf in leaves(value) if is_array(leaf) and leaf.dtype.kind == "f"]


def mapped(function: Callable[[Any], Any], value: Value) -> Value:
    """``value`` with ``function`` of every array and number in its place; None stays."""
    if isinstance(value, list | tuple):
        return [mapped(function, item) for item in value]
    if isinstance(value, dict):
        return {key: mapped(function, item) for key, item in value.items()}
    return None if value is None else function(value)


def copied(value: Value) -> Value:
    """``value`` in memory of its own."""
    return mapped(lambda leaf: np.array(leaf) if is_array(leaf) else leaf, value)


def sliced(value: Value, axis: int, start: int, stop: int) -> Value:
    """The samples ``start`` to ``stop`` of every array, in memory of their own; numbers stay."""

    def part(leaf: Any) -> Any:
        if not is_array(leaf):
            return leaf
        return np.array(leaf[(slice(None),) * (axis % leaf.ndim) + (slice(start, stop),)])

    return mapped(part, value)
