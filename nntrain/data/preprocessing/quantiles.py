"""Quantiles of a column, bit-for-bit identical for values in memory and streamed ones."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.streaming.row_blocks import select_block_rows
from nntrain.data.tables.raw_column import ValueStream

# Quantiles of more numbers than this are those of a sample, of 8 MiB.
MAX_SAMPLE = 2**20


def sample_known(raw: ValueStream, count: int) -> Array:
    """Return the ``count`` known numbers of a column in row order, float64.

    Of more than ``MAX_SAMPLE``, these are the numbers ⌊i count / MAX_SAMPLE⌋, i = 0 … MAX_SAMPLE − 1.
    """
    size = min(count, MAX_SAMPLE)
    index, sample = np.arange(size) * count // max(size, 1), np.empty(size)
    begin = taken = 0
    for chunk in raw.iterate_chunks():
        known = chunk.known
        chosen = known if size == count else known[select_block_rows(index, begin, begin + len(known))]
        sample[taken : taken + len(chosen)] = chosen
        begin, taken = begin + len(known), taken + len(chosen)
    return sample


def compute_quantiles(values: Array, count: int) -> Array:
    """Return ``count`` > 1 quantiles q_i of n numbers, from the minimum to the maximum, float64.

    q_i is the number of rank i (n − 1) / (count − 1) in ascending order, interpolated linearly between the ranks 0 to
    n − 1. The ranks are computed in integers, so that an integer rank, and equal neighbors, give the number itself.
    """
    below, rest = np.divmod(np.arange(count) * (len(values) - 1), count - 1)
    above = np.minimum(below + 1, len(values) - 1)
    ordered = np.sort(values)
    low, high, weight = ordered[below], ordered[above], rest / (count - 1)
    quantiles: Array = np.clip((1 - weight) * low + weight * high, low, high)
    return quantiles
