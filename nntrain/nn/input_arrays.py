"""Arrays of indices."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array, IntArray, Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.table import is_table

__all__ = ["require_two_arrays", "to_indices"]


def to_indices(module: Module, name: str, x: Array, count: int) -> IntArray:
    """x as integers 0..count − 1, in the module's memory ``name`` if it holds them in another type.

    ShapeError if a number is outside, or not whole.
    """
    wanted = f"whole numbers of 0..{count - 1}"
    if x.size and not (x.min() >= 0 and x.max() < count):
        raise module.shape_error(f"{wanted}, not {x.min()} to {x.max()}", x)
    if x.dtype == np.intp:
        return x
    whole = module.buffer(name, x.shape, like=x, dtype=np.intp)
    np.copyto(whole, x, casting="unsafe")
    if x.dtype.kind == "f" and not np.array_equal(whole, x):
        raise module.shape_error(wanted, x)
    return whole


def require_two_arrays(module: Module, x: Value, expected: str) -> tuple[Array, Array]:
    """The two arrays that x is a table of. ShapeError, which says what is ``wanted``, if it is not."""
    if not is_table(x) or len(x) != 2 or not is_array(x[0]) or not is_array(x[1]):
        raise module.shape_error(expected, x)
    return x[0], x[1]
