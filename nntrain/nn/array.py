"""Arrays and tables: what flows between modules."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["EMPTY", "Array", "Index", "Shape", "Value", "is_array"]

Array: TypeAlias = npt.NDArray[Any]
Shape: TypeAlias = tuple[int, ...]

# An array of integers: labels, rows of a lookup table.
Index: TypeAlias = npt.NDArray[np.integer[Any]]

# What a module takes and gives: an array, or a table, which is a (nested) list of arrays.
Value: TypeAlias = Any

# The output of a module that has not run yet.
EMPTY: Array = np.empty(0, np.float32)


def is_array(value: object) -> bool:
    """Whether ``value`` is an array of numpy, or of a library that answers numpy's functions."""
    return isinstance(value, np.ndarray) or hasattr(value, "__cuda_array_interface__")
