"""Free text: which words and word pairs are in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self
from zlib import crc32

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import ValueStream

__all__ = ["HASH_COUNT", "MAX_TEXT_FEATURES", "WORD_NORM", "TextColumn", "hash_words", "is_pair_hash", "split_words"]

# Few enough to count each of them in 32 MB, and so many that the features of a file seldom share one.
HASH_COUNT = 2**22

# A Chinese or Japanese character, as these languages have no spaces between words; or letters and digits with
# apostrophes inside.
WORD_PATTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W_\u3040-\u9fff]+)*")


def split_words(text: str) -> list[str]:
    """The words in order, without regard to case: "Don't PANIC!" has "don't" and "panic"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return WORD_PATTERN.findall(text.casefold())


def hash_words(texts: Iterable[str | None]) -> tuple[Array, Array]:
    """The row and the hash of every word and of every two adjacent words: int64 (m,) each.

    hash = 2 (c mod 2²¹), c the CRC-32 of the word as UTF-8; of a pair 2 (c mod 2²¹) + 1, c that of "first second".
    """
    counts: list[int] = []
    hashes: list[int] = []
    for text in texts:
        words = [] if text is None else [word.encode() for word in split_words(text)]
        alone = [crc32(word) for word in words]
        hashes += [c << 1 for c in alone]
        hashes += [crc32(b" " + word, c) << 1 | 1 for c, word in zip(alone, words[1:], strict=False)]
        counts.append(max(2 * len(words) - 1, 0))
    return np.repeat(np.arange(len(counts)), counts), np.array(hashes, np.int64) % HASH_COUNT


def is_pair_hash(hashes: Array) -> Array:
    """Where a hash is that of a pair."""
    return hashes % 2 == 1


# The words and pairs of a column that become inputs, unless a config sets it.
MAX_TEXT_FEATURES = 2**15

# A word of fewer training rows teaches nothing that holds for another row. Pairs are many, and most of them chance.
MIN_ROWS_PER_WORD, MIN_ROWS_PER_PAIR = 2, 4

# Between a frequency alone (0), with which common words drown the rest, and tf-idf (1), with which rare ones do.
IDF_POWER = 0.75

# The Euclidean norm of the words of a row.
WORD_NORM = 20.0

# The features of a row: all that this share of the training rows has, and never more than so many.
COVERED_FRACTION, MAX_FEATURES_PER_ROW = 0.99, 256

# Rows that are hashed together, and the characters that they have together, unless a single one has more.
BLOCK_ROWS = 4096
BLOCK_CHARACTERS = 2**21


@dataclass
class TextColumn(Column):
    """y = (code, value) of the words and pairs of adjacent words in a text that are known.

    value = 20 v / √(Σ v² over the known words of the text), v = tf · idf^¾, idf = 1 + ln((1 + rows) / (1 + count)):
    tf is how often it is in the text, ``counts`` the number of the training ``rows`` that it is in. A feature is
    known by its hash: code i is that of ``hashes[i]``. Each row has ``longest`` features; (0, 0) fills it up, and
    where there are more those of the largest values stay. A missing text has none.
    Source: scikit-learn, HashingVectorizer and TfidfTransformer.
    """

    kind: ClassVar[ValueKind] = "text"

    hashes: list[int]
    counts: list[int]
    rows: int
    longest: int

    @classmethod
    def fit(cls, raw: ValueStream, limit: int = MAX_TEXT_FEATURES) -> Self:
        """Learn the ``limit`` most frequent features: words of 2 rows or more, and pairs of 4."""
        cls.check(raw)
        rows = 0
        counts = np.zeros(HASH_COUNT, np.int64)
        for texts in iterate_blocks(raw):
            row, hashes = hash_words(texts)
            found, times = np.unique(np.unique(row * HASH_COUNT + hashes) % HASH_COUNT, return_counts=True)
            counts[found] += times
            rows += len(texts)
        enough = np.where(is_pair_hash(np.arange(HASH_COUNT)), MIN_ROWS_PER_PAIR, MIN_ROWS_PER_WORD)
        found = np.flatnonzero(counts >= enough)
        hashes = np.sort(found[np.argsort(-counts[found], kind="stable")[:limit]])
        column = cls(raw.name, hashes.tolist(), counts[hashes].tolist(), rows, MAX_FEATURES_PER_ROW)
        column.longest = column._longest(raw)
        return column

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        y = np.zeros((len(raw), self.longest, 2), np.float32)
        begin = 0
        for texts in iterate_blocks(raw):
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
        return (1 + np.log((1 + self.rows) / (1 + np.array(self.counts, np.float64)))) ** IDF_POWER

    def _features(self, texts: Array) -> tuple[Array, Array, Array]:
        """The row, the code and the frequency in it of all that is known, by row and code."""
        row, hashes = hash_words(texts)
        code = np.minimum(np.searchsorted(self._known, hashes), max(self.size - 1, 0))
        known = self._known[code] == hashes if self.size else np.zeros(len(code), bool)
        found, times = np.unique(row[known] * HASH_COUNT + code[known], return_counts=True)
        return found // HASH_COUNT, found % HASH_COUNT, times

    def _longest(self, raw: ValueStream) -> int:
        """The features of the longest rows, without the few that are longer still."""
        rows = np.zeros(MAX_FEATURES_PER_ROW + 1, np.int64)
        for texts in iterate_blocks(raw):
            sizes = np.bincount(self._features(texts)[0], minlength=len(texts))
            rows += np.bincount(np.minimum(sizes, MAX_FEATURES_PER_ROW), minlength=MAX_FEATURES_PER_ROW + 1)
        return int(np.searchsorted(np.cumsum(rows), COVERED_FRACTION * self.rows))

    def _fill(self, texts: Array, y: Array) -> None:
        """Write the features of some rows to y (n, longest, 2)."""
        row, code, times = self._features(texts)
        value = times * self._weight[code]
        squares = np.where(is_pair_hash(self._known[code]), 0, value * value)
        norm = np.sqrt(np.bincount(row, squares, len(texts)))
        value *= WORD_NORM / np.where(norm > 0, norm, 1)[row]
        order = np.lexsort((-value, row))
        row, code, value = row[order], code[order], value[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        kept = place < self.longest
        y[row[kept], place[kept], 0] = code[kept]
        y[row[kept], place[kept], 1] = value[kept]


def iterate_blocks(raw: ValueStream) -> Iterator[Array]:
    """The texts, some rows at a time."""
    for chunk in raw.iterate_chunks():
        sizes = np.cumsum([0 if text is None else len(text) for text in chunk.values], dtype=np.int64)
        begin = 0
        while begin < len(chunk):
            before = sizes[begin - 1] if begin else 0
            fitting = int(np.searchsorted(sizes, before + BLOCK_CHARACTERS, "right"))
            end = min(max(fitting, begin + 1), begin + BLOCK_ROWS)
            yield chunk.values[begin:end]
            begin = end
