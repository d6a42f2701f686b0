"""Products of matrices, shared out over the pool of threads where it is at work and they are large."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.threads import share

__all__ = ["ENOUGH", "ones", "product", "rows", "sum_of_rows"]

# So many multiplications take several times as long as to wake a thread.
ENOUGH = 3 << 22


def product(a: Array, b: Array, out: Array) -> Array:
    """out ← a b, for a (..., k) and b (k, m); each thread makes some rows of it, or some columns if there are more.

    No sum is divided, so the number of threads has no influence on how an element is added up.
    """
    if a.ndim != 2:
        product(rows(a), b, rows(out))
        return out
    if len(b) == 1:
        # Sums of one term, such as the gradient of a weight on one sample: BLAS takes three times as long.
        return np.multiply(a, b, out=out)
    work = out.size * len(b)
    if work < 2 * ENOUGH:
        return np.matmul(a, b, out=out)
    n, m = out.shape
    if n >= m:
        share(n, lambda some: np.matmul(a[span(some)], b, out=out[span(some)]), least(n, work))
    else:
        share(m, lambda some: np.matmul(a, b[:, span(some)], out=out[:, span(some)]), least(m, work))
    return out


def rows(x: Array) -> Array:
    """x (..., features) as rows of features, a view where that can be."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def sum_of_rows(a: Array, out: Array) -> Array:
    """out ← Σ over the rows of a (n, k): 1ᵀ a, a product that costs a third of ``np.sum`` where a is small."""
    return np.matmul(ones(len(a), a.dtype), a, out=out)


@lru_cache(maxsize=64)
def ones(count: int, dtype: np.dtype[np.floating]) -> Array:
    """A vector of ones, not to be written to."""
    vector = np.ones(count, dtype)
    vector.flags.writeable = False
    return vector


def span(some: range) -> slice:
    """These rows or columns."""
    return slice(some.start, some.stop)


def least(count: int, work: int) -> int:
    """The fewest rows or columns that are worth a thread of their own."""
    return -(-count * ENOUGH // work)
