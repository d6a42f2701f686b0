"""Computations for the members of an ensemble, split among the threads of the pool."""

from collections.abc import Callable

from nntrain.compute.array import Array
from nntrain.compute.matmul import get_min_length, matmul, to_slice
from nntrain.compute.threads import map_ranges

# Minimum number of multiplications per thread. Less than for a product alone, because of the passes next to it.
MIN_WORK = 1 << 22


def map_members(compute: Callable[[slice], object], members: int, work: int) -> None:
    """Call ``compute`` with slices that cover the members, whose products take ``work`` multiplications together."""
    map_ranges(members, lambda some: compute(to_slice(some)), get_min_length(members, max(work, 1), MIN_WORK))


def multiply_all(a: Array, b: Array, out: Array) -> None:
    """out ← a b, over the rows of all members."""
    matmul(a, b, out, MIN_WORK)
