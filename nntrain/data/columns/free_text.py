"""Columns of free text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from nntrain.data.tables.value_stream import MAX_VALUES, ValueStream

__all__ = ["count_words", "has_words", "is_free_text"]

# Fewer texts than this, and different ones say nothing.
MIN_ROWS = 20

# The texts that are looked at, the first ones; and how many words they have, on average.
SAMPLE_SIZE = 1000
MIN_WORDS = 3.0

# The share of the texts that are different: in sentences nearly all are, in categories few.
MIN_DISTINCT_FRACTION = 0.5


def is_free_text(raw: ValueStream) -> bool:
    """Whether a column is free text rather than categories, names or ids: several words, and most values different."""
    if raw.kind != "text":
        return False
    texts = list(islice(iterate_known_texts(raw), SAMPLE_SIZE))
    if len(texts) < MIN_ROWS or sum(map(count_words, texts)) < MIN_WORDS * len(texts):
        return False
    counts = raw.count_values()
    if counts is None:
        return True
    distinct = len(counts) - (None in counts)
    return distinct >= min(MIN_DISTINCT_FRACTION * (counts.total() - counts[None]), MAX_VALUES)


def has_words(raw: ValueStream) -> bool:
    """Whether most values have more than one word, as names do."""
    texts = list(islice(iterate_known_texts(raw), SAMPLE_SIZE))
    return sum(len(text.split()) > 1 for text in texts) > len(texts) / 2


def iterate_known_texts(raw: ValueStream) -> Iterator[str]:
    """The texts that are there."""
    return (text for chunk in raw.iterate_chunks() for text in chunk.values if text is not None)


def count_words(text: str) -> float:
    """The number of words, where one with a capital is half a word, as in names, and a number −1, as in addresses."""
    return sum(map(weigh_word, text.split()))


def weigh_word(word: str) -> float:
    """How much a word says that a text is prose."""
    if word.isalpha():
        return 0.5 if word[0].isupper() else 1
    if any(letter.isdigit() for letter in word):
        return -1
    first = next((letter for letter in word if letter.isalpha()), "")
    return 0 if not first or any(letter in word for letter in "@/\\_=") else 0.5 if first.isupper() else 1
