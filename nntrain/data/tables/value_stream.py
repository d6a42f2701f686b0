"""The values of a column, whether they lie in memory or come in pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from nntrain.compute.array import Array

if TYPE_CHECKING:
    from nntrain.data.tables.raw_column import RawColumn, ValueKind

__all__ = ["MAX_CHARACTERS", "MAX_VALUES", "ValueStream"]

# The most different values of a column that does not lie in memory, and the characters that they have together: they
# are kept while they are counted.
MAX_VALUES = 200_000
MAX_CHARACTERS = 2**25


class ValueStream(Protocol):
    """What an encoder is fitted on. The pieces come in the order of the rows, as often as they are asked for."""

    @property
    def name(self) -> str:
        """The column's name."""

    @property
    def kind(self) -> ValueKind:
        """What the values are."""

    @property
    def missing(self) -> Array:
        """Where there is no value: bool (n,)."""

    def iterate_chunks(self) -> Iterator[RawColumn]:
        """The values, piece by piece; no piece is empty unless the column is."""

    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> ValueStream:
        """The column of that kind that ``function`` makes of each piece."""

    def to_text(self) -> ValueStream:
        """The same values by name."""

    def count_values(self) -> Counter[str | None] | None:
        """How often each text occurs, None being a missing one; None if there are more texts than memory is for."""

    def count_distinct(self) -> int | None:
        """How many different numbers there are; None if there are more than memory is for."""
