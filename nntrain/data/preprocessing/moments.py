"""Mean, standard deviation and skewness, bit-for-bit reproducible: by numpy, in the order of the rows."""

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import chain

import numpy as np

from nntrain.compute.array import Array

# A smaller standard deviation, relative to the largest value, is a rounding error.
ROUNDING_ERROR = 1e-12

# Maximum number of values that numpy sums in one call.
MAX_BLOCK = 2**16


def compute_moments(chunks: Callable[[], Iterable[Array]], *, skip_nan: bool = False) -> tuple[Array, Array]:
    """Return the mean and the standard deviation over the first axis, float64, of rows in chunks, read three times.

    The standard deviation is 1 where all rows are equal. Values are scaled to [−1, 1] first, so no square overflows.
    With ``skip_nan``, NaN does not count; the mean is 0 where all values are NaN.
    """

    def clean(values: Array) -> Array:
        return np.where(np.isnan(values), 0.0, values) if skip_nan else values

    rows, counts, largest = 0, np.zeros((), np.int64), np.zeros(())
    for chunk in chunks():
        rows += len(chunk)
        counts = counts + (len(chunk) - np.isnan(chunk).sum(axis=0) if skip_nan else len(chunk))
        largest = np.maximum(largest, np.abs(clean(chunk).astype(np.float64)).max(axis=0, initial=0))
    counts = np.maximum(counts, 1)
    scale = np.where(largest > 0, largest, 1.0)
    mean = sum_chunks((clean(chunk / scale) for chunk in chunks()), rows) / counts
    variance = sum_chunks((clean(np.square(chunk / scale - mean)) for chunk in chunks()), rows) / counts
    std = np.sqrt(variance)
    return mean * scale, np.where(std > ROUNDING_ERROR, std * scale, 1.0)


def compute_skewness(chunks: Callable[[], Iterable[Array]], mean: Array, std: Array) -> Array:
    """Return Σ ((x − mean) / std)³ / rows over the first axis of rows in chunks."""
    rows = sum(map(len, chunks()))
    return sum_chunks((((chunk - mean) / std) ** 3 for chunk in chunks()), rows) / rows


def sum_chunks(chunks: Iterable[Array], rows: int) -> Array:
    """Return Σ over the first axis, bit-for-bit identical to that of one array."""
    remaining = iter(chunks)
    first = next(remaining)
    if first.size == len(first):
        flat = (chunk.reshape(-1) for chunk in chain([first], remaining))
        return np.asarray(pairwise_sum(rows, create_taker(flat))).reshape(first.shape[1:])
    return reduce(lambda sums, chunk: np.add.reduce(np.concatenate([sums[None], chunk])), remaining, first.sum(axis=0))


def pairwise_sum(count: int, take: Callable[[int], Array]) -> np.float64:
    """Return the sum of the next ``count`` numbers: of the first half, a multiple of eight, plus that of the second.

    numpy sums an array in the same order.
    """
    if count <= MAX_BLOCK:
        return np.add.reduce(take(count))
    half = count // 2 // 8 * 8
    return pairwise_sum(half, take) + pairwise_sum(count - half, take)


def create_taker(chunks: Iterator[Array]) -> Callable[[int], Array]:
    """Return a function that returns the next ``count`` numbers of the chunks."""
    left = np.empty(0)

    def take(count: int) -> Array:
        nonlocal left
        while len(left) < count:
            left = np.concatenate([left, next(chunks)]) if len(left) else next(chunks)
        taken, left = left[:count], left[count:]
        return taken

    return take
