"""Blocks of consecutive rows of a file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array

__all__ = ["iterate_row_blocks", "to_index_bounds"]


def iterate_row_blocks(rows: int, length: int, index: Array | None) -> Iterator[tuple[int, int, Array | None]]:
    """Iterate over the blocks of ``length`` rows that contain rows of ``index``, which is ascending.

    Each item is the first row of a block, the row after its last, and its rows in ``index``, counted from its first
    row; None if these are all.
    """
    for begin in range(0, rows, length):
        end = min(begin + length, rows)
        if index is None:
            yield begin, end, None
            continue
        first, last = np.searchsorted(index, to_index_bounds(begin, end, index))
        if last - first == end - begin:
            yield begin, end, None
        elif first < last:
            yield begin, end, index[first:last].astype(np.int64) - begin


def to_index_bounds(begin: int, end: int, index: Array) -> Array:
    """Return two row numbers in the type of ``index``: with another type, numpy would copy all of ``index``."""
    return np.array([begin, end], index.dtype)
