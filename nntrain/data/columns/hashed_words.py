"""The words and word pairs of texts, as numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

import numpy as np

from nntrain.data.array import Array

__all__ = ["HASHES", "hashed_words", "is_pair", "words_of"]

# Few enough to count each of them in 32 MB, and so many that the features of a file seldom share one.
HASHES = 2**22

# A Chinese or Japanese character, as these languages have no spaces between words; or letters and digits with
# apostrophes inside.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W_\u3040-\u9fff]+)*")


def words_of(text: str) -> list[str]:
    """The words in order, without regard to case: "Don't PANIC!" has "don't" and "panic"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return WORD.findall(text.casefold())


def hashed_words(texts: Iterable[str | None]) -> tuple[Array, Array]:
    """The row and the hash of every word and of every two adjacent words: int64 (m,) each.

    hash = 2 (c mod 2²¹), c the CRC-32 of the word as UTF-8; of a pair 2 (c mod 2²¹) + 1, c that of "first second".
    """
    counts: list[int] = []
    hashes: list[int] = []
    for text in texts:
        words = [] if text is None else [word.encode() for word in words_of(text)]
        alone = [crc32(word) for word in words]
        hashes += [c << 1 for c in alone]
        hashes += [crc32(b" " + word, c) << 1 | 1 for c, word in zip(alone, words[1:], strict=False)]
        counts.append(max(2 * len(words) - 1, 0))
    return np.repeat(np.arange(len(counts)), counts), np.array(hashes, np.int64) % HASHES


def is_pair(hashes: Array) -> Array:
    """Where a hash is that of a pair."""
    return hashes % 2 == 1
