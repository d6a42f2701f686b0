"""The values of a column, in memory or streamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from nntrain.compute.array import Array

if TYPE_CHECKING:
    from nntrain.data.tables.raw_column import RawColumn, ValueKind

# The maximum number of distinct values of a streamed column, and of their characters: counting keeps them in memory.
MAX_VALUES = 200_000
MAX_CHARACTERS = 2**25


class ValueStream(Protocol):
    """A column to fit an encoder on, in chunks in row order; each iteration starts again at the first row."""

    @property
    def name(self) -> str:
        """The column's name."""

    @property
    def kind(self) -> ValueKind:
        """The kind of the values."""

    @property
    def missing(self) -> Array:
        """Which values are missing: bool (n,)."""

    def iterate_chunks(self) -> Iterator[RawColumn]:
        """Iterate over the values in chunks; only an empty column has an empty chunk."""

    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> ValueStream:
        """Return the column with ``function`` applied to each chunk, which then has that kind."""

    def count_values(self) -> Counter[str | None] | None:
        """Count each string, and None for missing values; None if the strings do not fit in memory."""

    def count_distinct(self) -> int | None:
        """Return the number of distinct known numbers; None if they do not fit in memory."""
