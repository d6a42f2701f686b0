"""Traversal of arrays, numbers, and (nested) lists and dicts of them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value, is_array


def iterate_leaves(value: Value, path: str = "") -> Iterator[tuple[str, Any]]:
    """Iterate over (path, array or number) in ``value``, with paths such as ``[0][2]``; None is skipped."""
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from iterate_leaves(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from iterate_leaves(item, f"{path}[{key!r}]")
    elif value is not None:
        yield path, value


def get_float_leaves(value: Value) -> list[tuple[str, Array]]:
    """Return the paths and float arrays in ``value``: those that can have a gradient."""
    return [(path, leaf) for path, leaf in iterate_leaves(value) if is_array(leaf) and leaf.dtype.kind == "f"]


def map_leaves(function: Callable[[Any], Any], value: Value) -> Value:
    """Apply ``function`` to every array and number in ``value``; None stays."""
    if isinstance(value, list | tuple):
        return [map_leaves(function, item) for item in value]
    if isinstance(value, dict):
        return {key: map_leaves(function, item) for key, item in value.items()}
    return None if value is None else function(value)


def copy_tree(value: Value) -> Value:
    """Return a deep copy of ``value``."""
    return map_leaves(lambda leaf: np.array(leaf) if is_array(leaf) else leaf, value)


def slice_samples(value: Value, axis: int, start: int, stop: int) -> Value:
    """Copy the samples ``start`` to ``stop`` of every array; numbers stay."""

    def slice_leaf(leaf: Any) -> Any:
        if not is_array(leaf):
            return leaf
        return np.array(leaf[(slice(None),) * (axis % leaf.ndim) + (slice(start, stop),)])

    return map_leaves(slice_leaf, value)
