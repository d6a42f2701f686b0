"""Arrays of indices."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.module import Module

__all__ = ["whole_numbers"]


def whole_numbers(module: Module, name: str, x: Array, count: int) -> IntArray:
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
