"""Arrays and tables: what flows between modules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nntrain.errors import ArgumentError

__all__ = [
    "EMPTY",
    "Array",
    "IntArray",
    "Shape",
    "Value",
    "is_array",
    "parse_dtype",
    "resolve_axis",
    "shift_axis",
    "to_shape",
]

Array: TypeAlias = npt.NDArray[Any]
Shape: TypeAlias = tuple[int, ...]

# An array of integers: labels, rows of a lookup table.
IntArray: TypeAlias = npt.NDArray[np.integer[Any]]

# What a module takes and gives: an array, or a table, which is a (nested) list of arrays.
Value: TypeAlias = Any

# The output of a module that has not run yet.
EMPTY: Array = np.empty(0, np.float32)


def to_shape(size: int | Sequence[int]) -> Shape:
    """A constructor's size, one number or several, as a tuple."""
    return (size,) if isinstance(size, int) else tuple(size)


def is_array(value: object) -> bool:
    """Whether ``value`` is an array of numpy, or of a library that answers numpy's functions."""
    return isinstance(value, np.ndarray) or hasattr(value, "__cuda_array_interface__")


def parse_dtype(name: Any) -> np.dtype[Any]:
    """The floating type of that name. ArgumentError for any other."""
    try:
        dtype = np.dtype(name)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise ArgumentError(f"type: expected a floating type such as 'float32' or 'float64', got {name!r}")
    return dtype


def shift_axis(dim: int, ndim: int, n_input_dims: int | None) -> int:
    """``dim`` in an array of ``ndim`` axes, where one sample has ``n_input_dims`` of them (None: dim is as it is).

    With exactly one axis more the first is the batch, and a ``dim`` from the front moves by one; a ``dim`` from
    the end stays.
    """
    return dim + 1 if dim >= 0 and n_input_dims is not None and ndim == n_input_dims + 1 else dim


def resolve_axis(x: Array, dim: int, n_input_dims: int | None = None) -> int | None:
    """The axis of ``x`` that ``dim`` means, counted from the front; None if ``x`` has no such axis."""
    axis = shift_axis(dim, x.ndim, n_input_dims)
    return axis % x.ndim if -x.ndim <= axis < x.ndim else None
