"""Validation of inputs: indices and pairs of arrays."""

import numpy as np

from nntrain.compute.array import Array, IntArray, Value, is_array, is_table
from nntrain.nn.module import Module


def to_indices(module: Module, name: str, x: Array, count: int) -> IntArray:
    """Return x as integers 0..count − 1, converted into the buffer ``name`` if needed.

    ShapeError for a number outside the range or not an integer.
    """
    expected = f"integers 0..{count - 1}"
    if x.size and not (x.min() >= 0 and x.max() < count):
        raise module.shape_error(f"{expected}, not {x.min()} to {x.max()}", x)
    if x.dtype == np.intp:
        return x
    integers = module.buffer(name, x.shape, like=x, dtype=np.intp)
    np.copyto(integers, x, casting="unsafe")
    if x.dtype.kind == "f" and not np.array_equal(integers, x):
        raise module.shape_error(expected, x)
    return integers


def require_two_arrays(module: Module, x: Value, expected: str) -> tuple[Array, Array]:
    """Return the two arrays of the list x. ShapeError with ``expected`` for another input."""
    if not is_table(x) or len(x) != 2 or not is_array(x[0]) or not is_array(x[1]):
        raise module.shape_error(expected, x)
    return x[0], x[1]
