"""Matrix products, split among the threads of the pool if large."""

from functools import lru_cache

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import get_num_threads, map_ranges

# Minimum number of multiplications per thread; they take several times as long as waking a thread.
MIN_PARALLEL_WORK = 3 << 22


def matmul(a: Array, b: Array, out: Array) -> Array:
    """out ← a b, for a (..., k) and b (k, m), split among threads by rows, or by columns if there are more.

    A thread gets at least MIN_PARALLEL_WORK multiplications. The sums are not split, so results do not depend on the
    number of threads.
    """
    if a.ndim != 2:
        matmul(flatten_rows(a), b, flatten_rows(out))
        return out
    if len(b) == 1:
        # Sums of one term, such as a weight's gradient for one sample: BLAS takes three times as long.
        return np.multiply(a, b, out=out)
    work = out.size * len(b)
    if work < 2 * MIN_PARALLEL_WORK:
        return np.matmul(a, b, out=out)
    n, m = out.shape
    min_length = -(-max(n, m) * MIN_PARALLEL_WORK // work)
    if n >= m:
        map_ranges(n, lambda some: np.matmul(a[to_slice(some)], b, out=out[to_slice(some)]), min_length)
    else:
        map_ranges(m, lambda some: np.matmul(a, b[:, to_slice(some)], out=out[:, to_slice(some)]), min_length)
    return out


def is_pair_faster(work: int) -> bool:
    """Whether two products of ``work`` multiplications are faster as one task each than both split among threads.

    With two threads the tasks synchronize once instead of twice.
    """
    return work >= 2 * MIN_PARALLEL_WORK and get_num_threads() == 2


def flatten_rows(x: Array) -> Array:
    """Reshape x (..., features) to two axes, a view if possible."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def sum_rows(a: Array, out: Array) -> Array:
    """out ← Σ over the rows of a (n, k), computed as 1ᵀ a, three times as fast as ``np.sum`` for small a."""
    return np.matmul(get_ones(len(a), a.dtype), a, out=out)


def sum_products(a: Array, b: Array, out: Array) -> None:
    """out ← Σ a ∘ b over the rows, a and b (..., rows, k), out (..., k), without a temporary array of their size."""
    np.einsum("...nk,...nk->...k", a, b, out=out)


@lru_cache(maxsize=64)
def get_ones(count: int, dtype: np.dtype[np.floating]) -> Array:
    """Return a cached, read-only vector of ones."""
    vector = np.ones(count, dtype)
    vector.flags.writeable = False
    return vector


def to_slice(some: range) -> slice:
    """Convert a range to a slice."""
    return slice(some.start, some.stop)
