"""Rows in a random order, class by class."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nntrain.compute.random import create_stream
from nntrain.data.array import Array
from nntrain.data.row_type import row_type

__all__ = ["Shuffled"]

# Rows that are looked at together.
AT_ONCE = 2**20


class Shuffled:
    """Row numbers in an order that follows from ``seed`` and ``name``: of each class of ``labels`` (rows,), or of all.

    ``sizes``: the rows of each class that has some, in the order of the labels. It takes 4 bytes a row, and what the
    labels take: 1 of few classes.
    """

    def __init__(self, rows: int, seed: int, name: str, labels: Array | None) -> None:
        self._order = np.arange(rows, dtype=row_type(rows))
        create_stream(seed, name).shuffle(self._order)
        self._codes = None if labels is None else codes_of(labels)
        counts = np.array([rows]) if self._codes is None else counted(self._codes)
        # A label that no row has is no class.
        self._numbers = np.cumsum(counts > 0) - 1
        self.sizes: list[int] = counts[counts > 0].tolist()

    def places(self) -> Iterator[tuple[Array, Array, Array]]:
        """All rows, some at a time: their numbers, those of their classes, and their places in the order of these."""
        seen = np.zeros(len(self.sizes), np.int64)
        for begin in range(0, len(self._order), AT_ONCE):
            rows = self._order[begin : begin + AT_ONCE]
            if self._codes is None:
                yield rows, np.zeros(len(rows), np.int64), np.arange(begin, begin + len(rows))
                continue
            group = self._numbers[self._codes[rows]]
            counts = np.bincount(group, minlength=len(seen))
            together = np.argsort(group, kind="stable")
            place = np.empty(len(rows), np.int64)
            place[together] = np.arange(len(rows)) + np.repeat(seen + counts - np.cumsum(counts), counts)
            seen += counts
            yield rows, group, place


def codes_of(labels: Array) -> Array:
    """Integers from 0 on in the order of the labels: these themselves if they are such."""
    counts = labels.dtype.kind == "u" or (labels.dtype.kind == "i" and labels.min() >= 0)
    if counts and labels.max() <= len(labels):
        return labels
    return np.unique(labels, return_inverse=True)[1].reshape(-1)


def counted(codes: Array) -> Array:
    """The rows of each code. Piece by piece, since numpy makes integers of 8 bytes of them."""
    size = int(codes.max()) + 1
    pieces = (codes[begin : begin + AT_ONCE] for begin in range(0, len(codes), AT_ONCE))
    return np.sum([np.bincount(piece, minlength=size) for piece in pieces], axis=0)
