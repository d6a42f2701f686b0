"""Rows on a disk, cut into stretches that are read one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array

__all__ = ["iterate_row_blocks", "to_index_bounds"]


def iterate_row_blocks(rows: int, length: int, index: Array | None) -> Iterator[tuple[int, int, Array | None]]:
    """Begin and end of each stretch of ``length`` rows in which there are some of ``index``, ascending row numbers.

    And the rows of the stretch that are meant, counted from its begin; None if all are.
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
    """Two row numbers in the type of ``index``: of another, numpy would make a copy of all of it first."""
    return np.array([begin, end], index.dtype)
