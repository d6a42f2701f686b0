"""One column as it was read: typed, but not yet made for a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array

__all__ = ["RawColumn", "ValueKind", "find_distinct"]

# Whole numbers below this are counted rather than sorted.
MAX_SMALL_SIZE = 2**16

ValueKind: TypeAlias = Literal["number", "boolean", "text", "time"]


@dataclass(frozen=True)
class RawColumn:
    """The values (n,) of one column.

    number: float64, NaN where missing; (n, k) for the targets of an HDF5 file.
    boolean: float64 0 or 1, NaN where missing.
    time: datetime64[us], NaT where missing. text: objects, str or None where missing.
    """

    name: str
    kind: ValueKind
    values: Array

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> Array:
        """Where there is no value: bool (n,)."""
        if self.kind == "text":
            return np.array([value is None for value in self.values], dtype=bool)
        return np.isnat(self.values) if self.kind == "time" else np.isnan(self.values)

    @property
    def known(self) -> Array:
        """The values that are there."""
        missing = self.missing
        return self.values[~missing] if missing.any() else self.values

    def holds_only(self, first: RawColumn) -> bool:
        """Whether all values are the one of ``first``."""
        return bool((self.values == first.values[0]).all())

    def take(self, index: Array) -> RawColumn:
        """The rows ``index``."""
        return replace(self, values=self.values[index])

    def iterate_chunks(self) -> Iterator[RawColumn]:
        """Itself, the only piece."""
        yield self

    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> RawColumn:
        """The column of that kind that ``function`` makes of it."""
        return function(self)

    def count_values(self) -> Counter[str | None]:
        """How often each text occurs, None being a missing one."""
        return Counter(self.values.tolist())

    def is_whole(self) -> bool:
        """Whether no number has a fraction."""
        known = self.known
        return bool((np.floor(known) == known).all())

    def count_distinct(self) -> int:
        """How many different numbers there are."""
        return len(np.unique(self.known))

    def to_text(self) -> RawColumn:
        """The same values by name: 3.0 is '3', a boolean 'true' or 'false', a time in ISO 8601."""
        if self.kind == "text":
            return self
        distinct, inverse = find_distinct(self.values)
        names = np.array([self._format_value(value) for value in distinct], dtype=object)
        # Which is a kind of this.
        from nntrain.data.tables.coded_column import CodedColumn

        return CodedColumn(self.name, inverse.reshape(-1), names)

    def _format_value(self, value: np.generic) -> str | None:
        if np.isnan(value) if self.kind != "time" else np.isnat(value):
            return None
        if self.kind == "time":
            return str(value)
        if self.kind == "boolean":
            return "true" if value else "false"
        number = float(value)
        return str(int(number)) if number.is_integer() else repr(number)


def find_distinct(values: Array) -> tuple[Array, Array]:
    """The different values, ascending, and the place of each row's among them, as ``np.unique`` would give them."""
    if (
        values.dtype.kind == "f"
        and values.ndim == 1
        and len(values)
        and values.min() >= 0
        and values.max() < MAX_SMALL_SIZE
    ):
        codes = values.astype(np.intp)
        if (codes == values).all():
            there = np.bincount(codes) > 0
            return np.flatnonzero(there).astype(values.dtype), (np.cumsum(there) - 1)[codes]
    distinct, places = np.unique(values, return_inverse=True)
    return distinct, places
