"""Types of the arrays that modules exchange."""

from collections.abc import Sequence
from types import EllipsisType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nntrain.errors import ArgumentError

Array: TypeAlias = npt.NDArray[Any]
Shape: TypeAlias = tuple[int, ...]

# An array of integers: labels, rows of a lookup table.
IntArray: TypeAlias = npt.NDArray[np.integer[Any]]

# A part of an array along its first axis, or ``...`` for all of it.
Slice: TypeAlias = slice | EllipsisType

# Input or output of a module: an array, or a (nested) list of arrays, Torch7's table.
Value: TypeAlias = Any

# The output of a module that has not run yet.
EMPTY: Array = np.empty(0, np.float32)


def to_shape(size: int | Sequence[int]) -> Shape:
    """Convert a size, one number or several, to a tuple."""
    return (size,) if isinstance(size, int) else tuple(size)


def is_array(value: object) -> bool:
    """Whether ``value`` is a NumPy array, or one of a library compatible with NumPy's functions."""
    return isinstance(value, np.ndarray) or hasattr(value, "__cuda_array_interface__")


def is_table(value: object) -> bool:
    """Whether ``value`` is a list of arrays."""
    return isinstance(value, list | tuple)


def parse_dtype(name: Any) -> np.dtype[Any]:
    """Return the floating-point type of that name. ArgumentError for any other."""
    try:
        dtype = np.dtype(name)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise ArgumentError(f"type: expected a floating-point type such as 'float32' or 'float64', got {name!r}")
    return dtype


def shift_axis(dim: int, ndim: int, n_input_dims: int | None) -> int:
    """Shift ``dim`` by one if an array of ``ndim`` axes is a batch of samples with ``n_input_dims`` axes.

    With n_input_dims None, or a negative ``dim``, nothing is shifted.
    """
    return dim + 1 if dim >= 0 and n_input_dims is not None and ndim == n_input_dims + 1 else dim


def resolve_axis(x: Array, dim: int, n_input_dims: int | None = None) -> int | None:
    """Return the nonnegative axis of ``x`` for ``dim``; None if ``x`` has no such axis."""
    axis = shift_axis(dim, x.ndim, n_input_dims)
    return axis % x.ndim if -x.ndim <= axis < x.ndim else None
