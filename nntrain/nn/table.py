"""Tables: (nested) lists of arrays, and arithmetic on them slot by slot."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Value
from nntrain.errors import ShapeError

__all__ = ["add_table", "assign_table", "format_shapes", "is_table", "zero_table"]


def is_table(value: object) -> bool:
    """Whether ``value`` is a table."""
    return isinstance(value, list | tuple)


def assign_table(total: Value, term: Value) -> None:
    """``total`` ← ``term``, slot by slot."""
    if is_table(total):
        for slot, value in zip_elements(total, term):
            assign_table(slot, value)
    else:
        total[...] = term


def add_table(total: Value, term: Value) -> None:
    """``total`` ← ``total`` + ``term``, slot by slot. ShapeError if the structures differ."""
    if is_table(total):
        for slot, value in zip_elements(total, term):
            add_table(slot, value)
    elif np.shape(total) != np.shape(term):
        raise ShapeError(f"expected gradients of one shape, got {format_shapes(total)} and {format_shapes(term)}")
    else:
        np.add(total, term, out=total)


def zero_table(total: Value) -> None:
    """``total`` ← 0 in every slot."""
    if is_table(total):
        for slot in total:
            zero_table(slot)
    else:
        total[...] = 0


def zip_elements(total: Value, term: Value) -> Any:
    """The slots of two tables side by side. ShapeError if one has more."""
    if not is_table(term) or len(term) != len(total):
        raise ShapeError(f"expected gradients of one structure, got {format_shapes(total)} and {format_shapes(term)}")
    return zip(total, term, strict=True)


def format_shapes(value: Value) -> str:
    """The shape of an array, or of the arrays of a table, as an error shows it."""
    if is_table(value):
        return "[" + ", ".join(format_shapes(item) for item in value) + "]"
    if hasattr(value, "shape"):
        return str(tuple(value.shape))
    return f"{type(value).__name__} {value!r}"
