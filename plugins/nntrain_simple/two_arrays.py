"""A table of two arrays."""

from __future__ import annotations

from nntrain.compute.array import Array, Value, is_array
from nntrain.nn.module import Module
from nntrain.nn.table import is_table

__all__ = ["two_arrays"]


def two_arrays(module: Module, x: Value, wanted: str) -> tuple[Array, Array]:
    """The two arrays that x is a table of. ShapeError, which says what is ``wanted``, if it is not."""
    if not is_table(x) or len(x) != 2 or not is_array(x[0]) or not is_array(x[1]):
        raise module.shape_error(wanted, x)
    return x[0], x[1]
