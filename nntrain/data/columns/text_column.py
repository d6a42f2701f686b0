"""Free text as its words and word pairs."""

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
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream

# Few enough to count all in 32 MB, and enough that the features of a file rarely collide.
HASH_COUNT = 2**22

# A Chinese or Japanese character, as these languages put no spaces between words; or letters and digits, possibly with
# apostrophes inside.
WORD_PATTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W_\u3040-\u9fff]+)*")


def split_words(text: str) -> list[str]:
    """Return the words in order, casefolded: ``Don't PANIC!`` has ``don't`` and ``panic``."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return WORD_PATTERN.findall(text.casefold())


def hash_words(texts: Iterable[str | None]) -> tuple[Array, Array]:
    """Return the row and the hash of every word and of every two adjacent words: int64 (m,) each.

    hash = 2 (c mod 2²¹), c the CRC-32 of the word as UTF-8; of a pair 2 (c mod 2²¹) + 1, c that of "first second".
    """
    counts: list[int] = []
    hashes: list[int] = []
    for text in texts:
        words = [] if text is None else [word.encode() for word in split_words(text)]
        word_hashes = [crc32(word) for word in words]
        hashes += [c << 1 for c in word_hashes]
        hashes += [crc32(b" " + word, c) << 1 | 1 for c, word in zip(word_hashes, words[1:], strict=False)]
        counts.append(max(2 * len(words) - 1, 0))
    return np.repeat(np.arange(len(counts)), counts), np.array(hashes, np.int64) % HASH_COUNT


def is_pair_hash(hashes: Array) -> Array:
    """Return which hashes are those of pairs."""
    return hashes % 2 == 1


# The default maximum number of words and pairs of a column that become inputs.
MAX_TEXT_FEATURES = 2**15

# A word in fewer training rows does not generalize. Pairs are many, and most of them occur by chance.
MIN_ROWS_PER_WORD, MIN_ROWS_PER_PAIR = 2, 4

# Between tf alone (0), where common words outweigh the others, and tf-idf (1), where rare words do.
IDF_POWER = 0.75

# The Euclidean norm of the words of a row.
WORD_NORM = 20.0

# The features of a row: enough for this fraction of the training rows, and at most this number.
COVERED_FRACTION, MAX_FEATURES_PER_ROW = 0.99, 256

# The maximum number of rows to hash at once, and of their characters, unless one row has more.
BLOCK_ROWS = 4096
BLOCK_CHARACTERS = 2**21


@dataclass
class TextColumn(Column):
    """y = (code, value) of each known word, and pair of adjacent words, of a text.

    value = 20 v / √(Σ v² over the known words of the text), v = tf · idf^¾, idf = 1 + ln((1 + rows) / (1 + count)),
    with tf the number of occurrences in the text and count the number of training ``rows`` that contain the feature.
    A feature is known by its hash: code i belongs to ``hashes[i]`` and ``counts[i]``. Each row has ``longest``
    features, padded with (0, 0); of more, those with the largest values stay. A missing text has none.
    Source: scikit-learn, HashingVectorizer and TfidfTransformer.
    """

    kind: ClassVar[ValueKind] = "text"

    hashes: list[int]
    counts: list[int]
    rows: int
    longest: int

    @classmethod
    def fit(cls, raw: ValueStream, limit: int = MAX_TEXT_FEATURES) -> Self:
        """Learn the ``limit`` most frequent features: words in at least 2 rows, and pairs in at least 4."""
        cls.check(raw)
        rows = 0
        counts = np.zeros(HASH_COUNT, np.int64)
        for texts in iterate_blocks(raw):
            row, hashes = hash_words(texts)
            distinct, row_counts = np.unique(np.unique(row * HASH_COUNT + hashes) % HASH_COUNT, return_counts=True)
            counts[distinct] += row_counts
            rows += len(texts)
        min_counts = np.where(is_pair_hash(np.arange(HASH_COUNT)), MIN_ROWS_PER_PAIR, MIN_ROWS_PER_WORD)
        frequent = np.flatnonzero(counts >= min_counts)
        hashes = np.sort(frequent[np.argsort(-counts[frequent], kind="stable")[:limit]])
        column = cls(raw.name, hashes.tolist(), counts[hashes].tolist(), rows, MAX_FEATURES_PER_ROW)
        column.longest = column._choose_longest(raw)
        return column

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        y = np.zeros((len(raw), self.longest, 2), np.float32)
        start = 0
        for texts in iterate_blocks(raw):
            self._fill(texts, y[start : start + len(texts)])
            start += len(texts)
        return y

    def row_bytes(self) -> int:
        return 8 * self.longest

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

    def _find_features(self, texts: Array) -> tuple[Array, Array, Array]:
        """Return row, code and tf of every known feature, sorted by row and code."""
        row, hashes = hash_words(texts)
        code = np.minimum(np.searchsorted(self._known, hashes), max(self.size - 1, 0))
        known = self._known[code] == hashes if self.size else np.zeros(len(code), bool)
        features, tf = np.unique(row[known] * HASH_COUNT + code[known], return_counts=True)
        return features // HASH_COUNT, features % HASH_COUNT, tf

    def _choose_longest(self, raw: ValueStream) -> int:
        """Return the number of features that nearly all training rows fit in."""
        rows = np.zeros(MAX_FEATURES_PER_ROW + 1, np.int64)
        for texts in iterate_blocks(raw):
            sizes = np.bincount(self._find_features(texts)[0], minlength=len(texts))
            rows += np.bincount(np.minimum(sizes, MAX_FEATURES_PER_ROW), minlength=MAX_FEATURES_PER_ROW + 1)
        return int(np.searchsorted(np.cumsum(rows), COVERED_FRACTION * self.rows))

    def _fill(self, texts: Array, y: Array) -> None:
        """Write the features of some rows to y (n, longest, 2)."""
        row, code, tf = self._find_features(texts)
        value = tf * self._weight[code]
        squares = np.where(is_pair_hash(self._known[code]), 0, value * value)
        norm = np.sqrt(np.bincount(row, squares, len(texts)))
        value *= WORD_NORM / np.where(norm > 0, norm, 1)[row]
        order = np.lexsort((-value, row))
        row, code, value = row[order], code[order], value[order]
        position = np.arange(len(row)) - np.searchsorted(row, row)
        kept = position < self.longest
        y[row[kept], position[kept], 0] = code[kept]
        y[row[kept], position[kept], 1] = value[kept]


def iterate_blocks(raw: ValueStream) -> Iterator[Array]:
    """Iterate over the texts in blocks of rows."""
    for chunk in raw.iterate_chunks():
        sizes = np.cumsum([0 if text is None else len(text) for text in chunk.values], dtype=np.int64)
        start = 0
        while start < len(chunk):
            before = sizes[start - 1] if start else 0
            fitting = int(np.searchsorted(sizes, before + BLOCK_CHARACTERS, "right"))
            stop = min(max(fitting, start + 1), start + BLOCK_ROWS)
            yield chunk.values[start:stop]
            start = stop
