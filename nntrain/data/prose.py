"""Columns of free text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from nntrain.data.value_stream import MOST_VALUES, ValueStream

__all__ = ["has_words", "is_prose", "words_in"]

# Fewer texts than this, and different ones say nothing.
LEAST_ROWS = 20

# The texts that are looked at, the first ones; and how many words they have, on average.
FEW = 1000
WORDS = 3.0

# The share of the texts that are different: in sentences nearly all are, in categories few.
DIFFERENT = 0.5


def is_prose(raw: ValueStream) -> bool:
    """Whether a column is free text rather than categories, names or ids: several words, and most values different."""
    if raw.kind != "text":
        return False
    texts = list(islice(known(raw), FEW))
    if len(texts) < LEAST_ROWS or sum(map(words_in, texts)) < WORDS * len(texts):
        return False
    counts = raw.counts()
    if counts is None:
        return True
    distinct = len(counts) - (None in counts)
    return distinct >= min(DIFFERENT * (counts.total() - counts[None]), MOST_VALUES)


def has_words(raw: ValueStream) -> bool:
    """Whether most values have more than one word, as names do."""
    texts = list(islice(known(raw), FEW))
    return sum(len(text.split()) > 1 for text in texts) > len(texts) / 2


def known(raw: ValueStream) -> Iterator[str]:
    """The texts that are there."""
    return (text for chunk in raw.chunks() for text in chunk.values if text is not None)


def words_in(text: str) -> float:
    """The number of words, where one with a capital is half a word, as in names, and a number −1, as in addresses."""
    return sum(map(weight_of, text.split()))


def weight_of(word: str) -> float:
    """How much a word says that a text is prose."""
    if word.isalpha():
        return 0.5 if word[0].isupper() else 1
    if any(letter.isdigit() for letter in word):
        return -1
    first = next((letter for letter in word if letter.isalpha()), "")
    return 0 if not first or any(letter in word for letter in "@/\\_=") else 0.5 if first.isupper() else 1
