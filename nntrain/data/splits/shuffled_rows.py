"""Rows in a random order, class by class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream

__all__ = ["ShuffledRows", "get_row_dtype"]


def get_row_dtype(rows: int) -> type[np.unsignedinteger[Any]]:
    """The smaller type of integers in which a row number fits: with many rows, their numbers take the most memory."""
    return np.uint32 if rows < 2**32 else np.uint64


# Rows that are looked at together.
BLOCK_ROWS = 2**20


class ShuffledRows:
    """Row numbers in an order that follows from ``seed`` and ``name``: of each class of ``labels`` (rows,), or of all.

    ``sizes``: the rows of each class that has some, in the order of the labels. It takes 4 bytes a row, and what the
    labels take: 1 of few classes.
    """

    def __init__(self, rows: int, seed: int, name: str, labels: Array | None) -> None:
        self._order = np.arange(rows, dtype=get_row_dtype(rows))
        create_stream(seed, name).shuffle(self._order)
        self._codes = None if labels is None else encode_labels(labels)
        counts = np.array([rows]) if self._codes is None else count_codes(self._codes)
        # A label that no row has is no class.
        self._numbers = np.cumsum(counts > 0) - 1
        self.sizes: list[int] = counts[counts > 0].tolist()

    def iterate_positions(self) -> Iterator[tuple[Array, Array, Array]]:
        """All rows, some at a time: their numbers, those of their classes, and their places in the order of these."""
        seen = np.zeros(len(self.sizes), np.int64)
        for begin in range(0, len(self._order), BLOCK_ROWS):
            rows = self._order[begin : begin + BLOCK_ROWS]
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


def encode_labels(labels: Array) -> Array:
    """Integers from 0 on in the order of the labels: these themselves if they are such."""
    counts = labels.dtype.kind == "u" or (labels.dtype.kind == "i" and labels.min() >= 0)
    if counts and labels.max() <= len(labels):
        return labels
    return np.unique(labels, return_inverse=True)[1].reshape(-1)


def count_codes(codes: Array) -> Array:
    """The rows of each code. Piece by piece, since numpy makes integers of 8 bytes of them."""
    size = int(codes.max()) + 1
    pieces = (codes[begin : begin + BLOCK_ROWS] for begin in range(0, len(codes), BLOCK_ROWS))
    return np.sum([np.bincount(piece, minlength=size) for piece in pieces], axis=0)
