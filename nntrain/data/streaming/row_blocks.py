"""Blocks of consecutive rows of a file."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array


def iterate_row_blocks(rows: int, length: int, index: Array | None) -> Iterator[tuple[int, int, Array | None]]:
    """Iterate over the blocks of ``length`` rows that contain rows of ``index``, which is ascending.

    Each item is the first row of a block, the row after its last, and its rows in ``index``, counted from its first
    row; None if these are all.
    """
    for begin in range(0, rows, length):
        end = min(begin + length, rows)
        chosen = None if index is None else select_block_rows(index, begin, end)
        if chosen is None or len(chosen) == end - begin:
            yield begin, end, None
        elif len(chosen):
            yield begin, end, chosen


def select_block_rows(index: Array, begin: int, end: int) -> Array:
    """Return the rows of ``index``, which is ascending, from ``begin`` to before ``end``, counted from ``begin``."""
    # With bounds of another type, numpy would copy all of the index.
    first, last = np.searchsorted(index, np.array([begin, end], index.dtype))
    return index[first:last].astype(np.int64) - begin
