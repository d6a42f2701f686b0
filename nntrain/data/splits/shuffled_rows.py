"""Rows in a random order, class by class."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream

# Number of rows to process at once.
BLOCK_ROWS = 2**20


class ShuffledRows:
    """Row numbers in an order that follows from ``seed`` and ``name``: of each class of ``labels`` (rows,), or of all.

    ``sizes``: the number of rows of each class that occurs, in the order of the labels. Memory: 4 bytes per row, and
    the labels, 1 byte per row if there are few classes.
    """

    def __init__(self, rows: int, seed: int, name: str, labels: Array | None) -> None:
        self._order = np.arange(rows, dtype=get_row_dtype(rows))
        create_stream(seed, name).shuffle(self._order)
        self._codes = None if labels is None else encode_labels(labels)
        counts = np.array([rows]) if self._codes is None else count_codes(self._codes)
        # A label without rows is not a class.
        self._numbers = np.cumsum(counts > 0) - 1
        self.sizes: list[int] = counts[counts > 0].tolist()

    def iterate_positions(self) -> Iterator[tuple[Array, Array, Array]]:
        """Iterate over blocks of row numbers, the numbers of their classes, and their positions in these."""
        seen = np.zeros(len(self.sizes), np.int64)
        for begin in range(0, len(self._order), BLOCK_ROWS):
            rows = self._order[begin : begin + BLOCK_ROWS]
            if self._codes is None:
                yield rows, np.zeros(len(rows), np.int64), np.arange(begin, begin + len(rows))
                continue
            group = self._numbers[self._codes[rows]]
            counts = np.bincount(group, minlength=len(seen))
            by_group = np.argsort(group, kind="stable")
            position = np.empty(len(rows), np.int64)
            position[by_group] = np.arange(len(rows)) + np.repeat(seen + counts - np.cumsum(counts), counts)
            seen += counts
            yield rows, group, position


def get_row_dtype(rows: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type for row numbers."""
    return np.uint32 if rows < 2**32 else np.uint64


def encode_labels(labels: Array) -> Array:
    """Return integers from 0 in the order of the labels; the labels themselves if they are such integers."""
    is_natural = labels.dtype.kind == "u" or (labels.dtype.kind == "i" and labels.min() >= 0)
    if is_natural and labels.max() <= len(labels):
        return labels
    return np.unique(labels, return_inverse=True)[1].reshape(-1)


def count_codes(codes: Array) -> Array:
    """Return the number of rows of each code. In blocks, because numpy converts the codes to 8 bytes each."""
    size = int(codes.max()) + 1
    blocks = (codes[begin : begin + BLOCK_ROWS] for begin in range(0, len(codes), BLOCK_ROWS))
    return np.sum([np.bincount(block, minlength=size) for block in blocks], axis=0)
