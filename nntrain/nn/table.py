"""(Nested) lists of arrays, Torch7's tables, and elementwise arithmetic on them."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nntrain.compute.array import Value, is_table
from nntrain.errors import ShapeError


def iterate_arrays(value: Value) -> Iterator[Any]:
    """Iterate over the arrays of a (nested) list, depth first."""
    if is_table(value):
        for item in value:
            yield from iterate_arrays(item)
    else:
        yield value


def iterate_pairs(total: Value, term: Value) -> Iterator[tuple[Any, Any]]:
    """Iterate over the pairs of arrays in two (nested) lists. ShapeError if the structures differ."""
    if not is_table(total):
        yield total, term
        return
    if not is_table(term) or len(term) != len(total):
        raise ShapeError(f"expected gradients of one structure, got {format_shapes(total)} and {format_shapes(term)}")
    for item, value in zip(total, term, strict=True):
        yield from iterate_pairs(item, value)


def add_table(total: Value, term: Value) -> None:
    """``total`` ← ``total`` + ``term``, array by array. ShapeError if the structures differ."""
    for array, value in iterate_pairs(total, term):
        if np.shape(array) != np.shape(value):
            raise ShapeError(f"expected gradients of one shape, got {format_shapes(array)} and {format_shapes(value)}")
        np.add(array, value, out=array)


def zero_table(total: Value) -> None:
    """``total`` ← 0 in every array."""
    for array in iterate_arrays(total):
        array[...] = 0


def format_shapes(value: Value) -> str:
    """Format the shapes of an array or a list of arrays for an error."""
    if is_table(value):
        return "[" + ", ".join(format_shapes(item) for item in value) + "]"
    if hasattr(value, "shape"):
        return str(tuple(value.shape))
    return f"{type(value).__name__} {value!r}"
