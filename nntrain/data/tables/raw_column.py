"""The values of a column as they were read, typed but not yet encoded: in memory, or streamed in chunks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array

# The maximum number of distinct values of a streamed column, and of their characters: counting keeps them in memory.
MAX_VALUES = 200_000
MAX_CHARACTERS = 2**25

# Integers below this are counted, not sorted.
MAX_SMALL_SIZE = 2**16

ValueKind: TypeAlias = Literal["number", "boolean", "text", "time"]

KIND_PLURALS: dict[ValueKind, str] = {"number": "numbers", "boolean": "booleans", "text": "strings", "time": "times"}


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


@dataclass(frozen=True)
class RawColumn(ValueStream):
    """The values (n,) of one column, which is a stream of one chunk.

    number: float64, NaN where missing; (n, k) for the targets of an HDF5 file. boolean: float64, 0 or 1, NaN where
    missing. time: datetime64[us], NaT where missing. text: objects, str, or None where missing.
    """

    name: str
    kind: ValueKind
    values: Array

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> Array:
        if self.kind == "text":
            return np.array([value is None for value in self.values], dtype=bool)
        return np.isnat(self.values) if self.kind == "time" else np.isnan(self.values)

    @property
    def known(self) -> Array:
        """The values that are not missing."""
        missing = self.missing
        return self.values[~missing] if missing.any() else self.values

    def is_all(self, first: RawColumn) -> bool:
        """Whether all values equal that of ``first``, which has one row."""
        return bool((self.values == first.values[0]).all())

    def take(self, index: Array) -> RawColumn:
        """Return the rows ``index``."""
        return replace(self, values=self.values[index])

    def iterate_chunks(self) -> Iterator[RawColumn]:
        yield self

    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> RawColumn:
        return function(self)

    def count_values(self) -> Counter[str | None]:
        return Counter(self.values.tolist())

    def count_distinct(self) -> int:
        return len(np.unique(self.known))


def count_distinct_numbers(chunks: Iterable[Array], limit: float) -> int | None:
    """Return the number of distinct numbers in one or more chunks; None if there are more than ``limit``."""
    distinct: Array | None = None
    for chunk in chunks:
        distinct = np.unique(chunk) if distinct is None else np.union1d(distinct, chunk)
        if len(distinct) > limit:
            return None
    assert distinct is not None
    return len(distinct)


def find_distinct(values: Array) -> tuple[Array, Array]:
    """Return the distinct values, ascending, and the index of every row's value: ``np.unique`` with inverse."""
    if (
        values.dtype.kind == "f"
        and values.ndim == 1
        and len(values)
        and values.min() >= 0
        and values.max() < MAX_SMALL_SIZE
    ):
        codes = values.astype(np.intp)
        if (codes == values).all():
            occurs = np.bincount(codes) > 0
            return np.flatnonzero(occurs).astype(values.dtype), (np.cumsum(occurs) - 1)[codes]
    distinct, inverse = np.unique(values, return_inverse=True)
    return distinct, inverse
