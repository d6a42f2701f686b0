"""Sums over the rows of each member of an ensemble."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.matmul import get_ones


def sum_member_rows(a: Array, out: Array) -> None:
    """out ← Σ over the rows of each member, a (members, rows, k), out (members, k)."""
    np.matmul(get_ones(a.shape[1], a.dtype), a, out=out)
