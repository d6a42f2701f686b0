"""The values of a column, in memory or streamed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array

if TYPE_CHECKING:
    from nntrain.data.tables.raw_column import RawColumn, ValueKind

# The maximum number of distinct values of a streamed column, and of their characters: counting keeps them in memory.
MAX_VALUES = 200_000
MAX_CHARACTERS = 2**25


class ValueStream(ABC):
    """The values of a ``kind``, in chunks in row order; each iteration starts again at the first row."""

    name: str
    kind: ValueKind

    @abstractmethod
    def iterate_chunks(self) -> Iterator[RawColumn]:
        """Iterate over the values in chunks; only an empty column has an empty chunk."""

    @abstractmethod
    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> ValueStream:
        """Return the column with ``function`` applied to each chunk, which then has that kind."""

    @property
    def missing(self) -> Array:
        """Which values are missing: bool (n,)."""
        return np.concatenate([chunk.missing for chunk in self.iterate_chunks()])

    def count_values(self) -> Counter[str | None] | None:
        """Count each string, and None for missing values; None if the strings do not fit in memory."""
        counts: Counter[str | None] = Counter()
        characters = 0
        for chunk in self.iterate_chunks():
            found = chunk.count_values()
            characters += sum(len(text) for text in found.keys() - counts.keys() if text is not None)
            counts.update(found)
            if len(counts) > MAX_VALUES or characters > MAX_CHARACTERS:
                return None
        return counts

    def count_distinct(self) -> int | None:
        """Return the number of distinct known numbers; None if they do not fit in memory."""
        return count_distinct_numbers((chunk.known for chunk in self.iterate_chunks()), MAX_VALUES)


def count_distinct_numbers(chunks: Iterable[Array], limit: float) -> int | None:
    """Return the number of distinct numbers in one or more chunks; None if there are more than ``limit``."""
    distinct: Array | None = None
    for chunk in chunks:
        distinct = np.unique(chunk) if distinct is None else np.union1d(distinct, chunk)
        if len(distinct) > limit:
            return None
    assert distinct is not None
    return len(distinct)
