"""Detect columns of free text."""

from collections.abc import Iterator
from itertools import islice

from nntrain.data.tables.raw_column import MAX_VALUES, ValueStream

# With fewer values than this, the number of distinct ones is not informative.
MIN_ROWS = 20

# The number of values to look at, from the first row on, and their minimum mean number of words.
SAMPLE_SIZE = 1000
MIN_WORDS = 3.0

# The minimum fraction of distinct values: in prose nearly all are distinct, in categories few.
MIN_DISTINCT_FRACTION = 0.5


def is_free_text(raw: ValueStream) -> bool:
    """Whether a column is free text, not categories, names or IDs: several words, and mostly distinct values."""
    if raw.kind != "text":
        return False
    texts = list(islice(iterate_known_values(raw), SAMPLE_SIZE))
    if len(texts) < MIN_ROWS or sum(map(count_words, texts)) < MIN_WORDS * len(texts):
        return False
    counts = raw.count_values()
    if counts is None:
        return True
    distinct = len(counts) - (None in counts)
    return distinct >= min(MIN_DISTINCT_FRACTION * (counts.total() - counts[None]), MAX_VALUES)


def has_words(raw: ValueStream) -> bool:
    """Whether most values have several words, like names."""
    texts = list(islice(iterate_known_values(raw), SAMPLE_SIZE))
    return sum(len(text.split()) > 1 for text in texts) > len(texts) / 2


def iterate_known_values(raw: ValueStream) -> Iterator[str]:
    """Iterate over the values of a text column that are not missing."""
    return (text for chunk in raw.iterate_chunks() for text in chunk.values if text is not None)


def count_words(text: str) -> float:
    """Return the number of words; a capitalized one, as in names, is half a word, and a number, as in addresses, −1."""
    return sum(map(score_word, text.split()))


def score_word(word: str) -> float:
    """Return the evidence that a word gives for prose."""
    if word.isalpha():
        return 0.5 if word[0].isupper() else 1
    if any(character.isdigit() for character in word):
        return -1
    first = next((character for character in word if character.isalpha()), "")
    return 0 if not first or any(symbol in word for symbol in "@/\\_=") else 0.5 if first.isupper() else 1
