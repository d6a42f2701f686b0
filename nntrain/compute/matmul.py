"""Matrix products, by NumPy or another library, split among the threads of the pool if large."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import TypeVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.product_engine import PRODUCTS
from nntrain.compute.threads import get_num_threads, map_ranges

Result = TypeVar("Result")

# Minimum number of multiplications per thread; they take several times as long as waking a thread.
MIN_PARALLEL_WORK = 3 << 22


def matmul(a: Array, b: Array, out: Array, transpose_a: bool = False, transpose_b: bool = False) -> Array:
    """out ← a b, for a (..., k) and b (k, m), split among threads by rows, or by columns if there are more.

    With ``transpose_a`` a is (k, n), with ``transpose_b`` b is (m, k). A thread gets at least MIN_PARALLEL_WORK
    multiplications. The sums are not split, so results do not depend on the number of threads.
    """
    if a.ndim != 2:
        matmul(flatten_rows(a), b, flatten_rows(out), transpose_a, transpose_b)
        return out
    first, second = a.T if transpose_a else a, b.T if transpose_b else b
    terms = len(second)
    if terms == 1:
        # Sums of one term, such as a weight's gradient for one sample: BLAS takes three times as long.
        return np.multiply(first, second, out=out)
    work = out.size * terms
    if work >= 2 * MIN_PARALLEL_WORK:
        split_product(multiply, first, second, out, work)
    elif work >= PRODUCTS.min_work:
        # The given arrays, because an engine may know them.
        multiply(a, b, out, transpose_a, transpose_b)
    else:
        multiply_small(first, second, out)
    return out


def multiply_small(a: Array, b: Array, out: Array) -> Array:
    """out ← a b by NumPy, for one or two axes each."""
    if a.flags.forc and b.flags.forc:  # dot would copy others
        try:
            # Half a microsecond less than numpy.matmul, but only for contiguous outputs of the type of a and b.
            return a.dot(b, out)
        except ValueError:
            pass
    return np.matmul(a, b, out=out)


def split_product(
    function: Callable[[Array, Array, Array], Result], a: Array, b: Array, out: Array, work: int
) -> list[Result]:
    """Call ``function(a, b, out)`` for parts of the rows, or of the columns if there are more, in parallel."""
    n, m = out.shape
    min_length = -(-max(n, m) * MIN_PARALLEL_WORK // work)
    if n >= m:
        return map_ranges(n, lambda some: function(a[to_slice(some)], b, out[to_slice(some)]), min_length)
    return map_ranges(m, lambda some: function(a, b[:, to_slice(some)], out[:, to_slice(some)]), min_length)


def multiply(a: Array, b: Array, out: Array, transpose_a: bool = False, transpose_b: bool = False) -> Array:
    """out ← a b in this thread, for shapes of ``numpy.matmul``; a and b may be transposed in their last two axes.

    out must not overlap a or b.
    """
    if PRODUCTS.engine is not None:
        work = out.shape[-2] * out.shape[-1] * a.shape[-2 if transpose_a else -1]
        if work >= PRODUCTS.min_work and PRODUCTS.engine.multiply(a, b, out, transpose_a, transpose_b):
            return out
    return np.matmul(a.swapaxes(-1, -2) if transpose_a else a, b.swapaxes(-1, -2) if transpose_b else b, out=out)


def matmul_transposed(a: Array, b: Array, out: Array) -> Array:
    """out ← aᵀ b, as ``matmul``."""
    return matmul(a, b, out, transpose_a=True)


def add_product(a: Array, b: Array, out: Array, scale: float) -> bool:
    """out ← out + scale · aᵀ b, for a (k, n) and b (k, m), in one pass; False if only NumPy can compute it."""
    engine, work = PRODUCTS.engine, out.size * len(a)
    if engine is None or work < PRODUCTS.min_work:
        return False
    return all(split_product(partial(engine.multiply, scale=scale, add=True), a.T, b, out, work))


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
    ones = get_ones(len(a), a.dtype, type(a))  # type: ignore[arg-type] # mypy looks at the hash of arrays, not of types
    return multiply_small(ones, a, out)


def sum_products(a: Array, b: Array, out: Array) -> None:
    """out ← Σ a ∘ b over the rows, a and b (..., rows, k), out (..., k), without a temporary array of their size."""
    np.einsum("...nk,...nk->...k", a, b, out=out)


@lru_cache(maxsize=64)
def get_ones(count: int, dtype: np.dtype[np.floating], kind: type[Array] = np.ndarray) -> Array:
    """Return a cached, read-only vector of ones, of a subclass of NumPy's arrays."""
    vector = np.ones(count, dtype).view(kind)
    vector.flags.writeable = False
    return vector


def to_slice(some: range) -> slice:
    """Convert a range to a slice."""
    return slice(some.start, some.stop)
