"""Products of matrices, shared out over the pool of threads where it is at work and they are large."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_ranges

__all__ = ["MIN_PARALLEL_WORK", "flatten_rows", "get_ones", "matmul", "sum_rows"]

# So many multiplications take several times as long as to wake a thread.
MIN_PARALLEL_WORK = 3 << 22


def matmul(a: Array, b: Array, out: Array) -> Array:
    """out ← a b, for a (..., k) and b (k, m); each thread makes some rows of it, or some columns if there are more.

    No sum is divided, so the number of threads has no influence on how an element is added up.
    """
    if a.ndim != 2:
        matmul(flatten_rows(a), b, flatten_rows(out))
        return out
    if len(b) == 1:
        # Sums of one term, such as the gradient of a weight on one sample: BLAS takes three times as long.
        return np.multiply(a, b, out=out)
    work = out.size * len(b)
    if work < 2 * MIN_PARALLEL_WORK:
        return np.matmul(a, b, out=out)
    n, m = out.shape
    if n >= m:
        map_ranges(n, lambda some: np.matmul(a[to_slice(some)], b, out=out[to_slice(some)]), get_min_length(n, work))
    else:
        map_ranges(
            m, lambda some: np.matmul(a, b[:, to_slice(some)], out=out[:, to_slice(some)]), get_min_length(m, work)
        )
    return out


def flatten_rows(x: Array) -> Array:
    """x (..., features) as rows of features, a view where that can be."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def sum_rows(a: Array, out: Array) -> Array:
    """out ← Σ over the rows of a (n, k): 1ᵀ a, a product that costs a third of ``np.sum`` where a is small."""
    return np.matmul(get_ones(len(a), a.dtype), a, out=out)


@lru_cache(maxsize=64)
def get_ones(count: int, dtype: np.dtype[np.floating]) -> Array:
    """A vector of ones, not to be written to."""
    vector = np.ones(count, dtype)
    vector.flags.writeable = False
    return vector


def to_slice(some: range) -> slice:
    """These rows or columns."""
    return slice(some.start, some.stop)


def get_min_length(count: int, work: int) -> int:
    """The fewest rows or columns that are worth a thread of their own."""
    return -(-count * MIN_PARALLEL_WORK // work)
