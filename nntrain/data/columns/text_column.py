"""Free text: which words and word pairs are in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.columns.hashed_words import HASHES, hashed_words, is_pair
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.value_stream import ValueStream

__all__ = ["NORM", "TEXT_FEATURES", "TextColumn"]

# The words and pairs of a column that become inputs, unless a config sets it.
TEXT_FEATURES = 2**15

# A word of fewer training rows teaches nothing that holds for another row. Pairs are many, and most of them chance.
ROWS_OF_A_WORD, ROWS_OF_A_PAIR = 2, 4

# Between a frequency alone (0), with which common words drown the rest, and tf-idf (1), with which rare ones do.
POWER = 0.75

# The Euclidean norm of the words of a row.
NORM = 20.0

# The features of a row: all that this share of the training rows has, and never more than so many.
WHOLE, LONGEST = 0.99, 256

# Rows that are hashed together, and the characters that they have together, unless a single one has more.
BLOCK = 4096
CHARACTERS = 2**21


@dataclass
class TextColumn(Column):
    """y = (code, value) of the words and pairs of adjacent words in a text that are known.

    value = 20 v / √(Σ v² over the known words of the text), v = tf · idf^¾, idf = 1 + ln((1 + rows) / (1 + count)):
    tf is how often it is in the text, ``counts`` the number of the training ``rows`` that it is in. A feature is
    known by its hash: code i is that of ``hashes[i]``. Each row has ``longest`` features; (0, 0) fills it up, and
    where there are more those of the largest values stay. A missing text has none.
    Source: scikit-learn, HashingVectorizer and TfidfTransformer.
    """

    kind: ClassVar[Kind] = "text"

    hashes: list[int]
    counts: list[int]
    rows: int
    longest: int

    @classmethod
    def fit(cls, raw: ValueStream, limit: int = TEXT_FEATURES) -> Self:
        """Learn the ``limit`` most frequent features: words of 2 rows or more, and pairs of 4."""
        cls.check(raw)
        rows = 0
        counts = np.zeros(HASHES, np.int64)
        for texts in blocks(raw):
            row, hashes = hashed_words(texts)
            found, times = np.unique(np.unique(row * HASHES + hashes) % HASHES, return_counts=True)
            counts[found] += times
            rows += len(texts)
        enough = np.where(is_pair(np.arange(HASHES)), ROWS_OF_A_PAIR, ROWS_OF_A_WORD)
        found = np.flatnonzero(counts >= enough)
        hashes = np.sort(found[np.argsort(-counts[found], kind="stable")[:limit]])
        column = cls(raw.name, hashes.tolist(), counts[hashes].tolist(), rows, LONGEST)
        column.longest = column._longest(raw)
        return column

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        y = np.zeros((len(raw), self.longest, 2), np.float32)
        begin = 0
        for texts in blocks(raw):
            self._fill(texts, y[begin : begin + len(texts)])
            begin += len(texts)
        return y

    def row_bytes(self) -> int:
        return 8 * self.longest

    @property
    def names(self) -> list[str]:
        return [self.name]

    @property
    def size(self) -> int:
        """The number of codes."""
        return len(self.hashes)

    @cached_property
    def _known(self) -> Array:
        return np.array(self.hashes, np.int64)

    @cached_property
    def _weight(self) -> Array:
        """idf^¾ of every code."""
        return (1 + np.log((1 + self.rows) / (1 + np.array(self.counts, np.float64)))) ** POWER

    def _features(self, texts: Array) -> tuple[Array, Array, Array]:
        """The row, the code and the frequency in it of all that is known, by row and code."""
        row, hashes = hashed_words(texts)
        code = np.minimum(np.searchsorted(self._known, hashes), max(self.size - 1, 0))
        known = self._known[code] == hashes if self.size else np.zeros(len(code), bool)
        found, times = np.unique(row[known] * HASHES + code[known], return_counts=True)
        return found // HASHES, found % HASHES, times

    def _longest(self, raw: ValueStream) -> int:
        """The features of the longest rows, without the few that are longer still."""
        rows = np.zeros(LONGEST + 1, np.int64)
        for texts in blocks(raw):
            sizes = np.bincount(self._features(texts)[0], minlength=len(texts))
            rows += np.bincount(np.minimum(sizes, LONGEST), minlength=LONGEST + 1)
        return int(np.searchsorted(np.cumsum(rows), WHOLE * self.rows))

    def _fill(self, texts: Array, y: Array) -> None:
        """Write the features of some rows to y (n, longest, 2)."""
        row, code, times = self._features(texts)
        value = times * self._weight[code]
        squares = np.where(is_pair(self._known[code]), 0, value * value)
        norm = np.sqrt(np.bincount(row, squares, len(texts)))
        value *= NORM / np.where(norm > 0, norm, 1)[row]
        order = np.lexsort((-value, row))
        row, code, value = row[order], code[order], value[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        kept = place < self.longest
        y[row[kept], place[kept], 0] = code[kept]
        y[row[kept], place[kept], 1] = value[kept]


def blocks(raw: ValueStream) -> Iterator[Array]:
    """The texts, some rows at a time."""
    for chunk in raw.chunks():
        sizes = np.cumsum([0 if text is None else len(text) for text in chunk.values], dtype=np.int64)
        begin = 0
        while begin < len(chunk):
            before = sizes[begin - 1] if begin else 0
            fitting = int(np.searchsorted(sizes, before + CHARACTERS, "right"))
            end = min(max(fitting, begin + 1), begin + BLOCK)
            yield chunk.values[begin:end]
            begin = end
