"""(Nested) lists of arrays, Torch7's tables, and elementwise arithmetic on them."""

from typing import Any

import numpy as np

from nntrain.compute.array import Value
from nntrain.errors import ShapeError


def is_table(value: object) -> bool:
    """Whether ``value`` is a list of arrays."""
    return isinstance(value, list | tuple)


def assign_table(total: Value, term: Value) -> None:
    """``total`` ← ``term``, array by array."""
    if is_table(total):
        for item, value in zip_elements(total, term):
            assign_table(item, value)
    else:
        total[...] = term


def add_table(total: Value, term: Value) -> None:
    """``total`` ← ``total`` + ``term``, array by array. ShapeError if the structures differ."""
    if is_table(total):
        for item, value in zip_elements(total, term):
            add_table(item, value)
    elif np.shape(total) != np.shape(term):
        raise ShapeError(f"expected gradients of one shape, got {format_shapes(total)} and {format_shapes(term)}")
    else:
        np.add(total, term, out=total)


def zero_table(total: Value) -> None:
    """``total`` ← 0 in every array."""
    if is_table(total):
        for item in total:
            zero_table(item)
    else:
        total[...] = 0


def zip_elements(total: Value, term: Value) -> Any:
    """Zip two lists. ShapeError if their lengths differ."""
    if not is_table(term) or len(term) != len(total):
        raise ShapeError(f"expected gradients of one structure, got {format_shapes(total)} and {format_shapes(term)}")
    return zip(total, term, strict=True)


def format_shapes(value: Value) -> str:
    """Format the shapes of an array or a list of arrays for an error."""
    if is_table(value):
        return "[" + ", ".join(format_shapes(item) for item in value) + "]"
    if hasattr(value, "shape"):
        return str(tuple(value.shape))
    return f"{type(value).__name__} {value!r}"
