"""Tables: (nested) lists of arrays, and arithmetic on them slot by slot."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.errors import ShapeError
from nntrain.nn.array import Value

__all__ = ["add", "assign", "is_table", "shapes", "zero"]


def is_table(value: object) -> bool:
    """Whether ``value`` is a table."""
    return isinstance(value, list | tuple)


def assign(total: Value, term: Value) -> None:
    """``total`` ← ``term``, slot by slot."""
    if is_table(total):
        for slot, value in paired(total, term):
            assign(slot, value)
    else:
        total[...] = term


def add(total: Value, term: Value) -> None:
    """``total`` ← ``total`` + ``term``, slot by slot. ShapeError if the structures differ."""
    if is_table(total):
        for slot, value in paired(total, term):
            add(slot, value)
    elif np.shape(total) != np.shape(term):
        raise ShapeError(f"expected gradients of one shape, got {shapes(total)} and {shapes(term)}")
    else:
        np.add(total, term, out=total)


def zero(total: Value) -> None:
    """``total`` ← 0 in every slot."""
    if is_table(total):
        for slot in total:
            zero(slot)
    else:
        total[...] = 0


def paired(total: Value, term: Value) -> Any:
    """The slots of two tables side by side. ShapeError if one has more."""
    if not is_table(term) or len(term) != len(total):
        raise ShapeError(f"expected gradients of one structure, got {shapes(total)} and {shapes(term)}")
    return zip(total, term, strict=True)


def shapes(value: Value) -> str:
    """The shape of an array, or of the arrays of a table, as an error shows it."""
    if is_table(value):
        return "[" + ", ".join(shapes(item) for item in value) + "]"
    if hasattr(value, "shape"):
        return str(tuple(value.shape))
    return f"{type(value).__name__} {value!r}"
