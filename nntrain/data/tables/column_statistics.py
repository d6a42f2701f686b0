"""Statistics of a column, computed in chunks."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.raw_column import RawColumn, ValueStream

# Numbers to check before a full pass: these mostly decide.
SAMPLE_SIZE = 1024


@dataclass
class ColumnStatistics:
    """``first``: the first known value, as a column of one row. ``is_constant``: whether all known values equal it.

    ``min``, ``max``, ``is_integer`` (no number has a fraction): of numbers only.
    """

    known_count: int = 0
    missing_count: int = 0
    first: RawColumn | None = None
    is_constant: bool = True
    min: float = np.inf
    max: float = -np.inf
    is_integer: bool = True

    @classmethod
    def compute(cls, raw: ValueStream) -> Self:
        """Compute the statistics in one pass."""
        statistics = cls()
        for chunk in raw.iterate_chunks():
            known = np.flatnonzero(~chunk.missing)
            statistics.missing_count += len(chunk) - len(known)
            statistics.add(chunk if len(known) == len(chunk) else chunk.take(known))
        return statistics

    def add(self, known: RawColumn) -> None:
        """Update the statistics with values of which none is missing."""
        if not len(known):
            return
        self.known_count += len(known)
        self.first = self.first or known.take(np.array([0]))
        self.is_constant = self.is_constant and known.is_all(self.first)
        if known.kind == "number":
            self.min, self.max = min(self.min, float(known.values.min())), max(self.max, float(known.values.max()))
            self.is_integer = (
                self.is_integer
                and are_integers(known.values[:SAMPLE_SIZE])
                and are_integers(known.values[SAMPLE_SIZE:])
            )


def are_integers(values: Array) -> bool:
    """Whether no number has a fraction."""
    return bool((np.floor(values) == values).all())


def count_distinct(raw: ValueStream) -> int | None:
    """Return the number of distinct known values; None if they do not fit in memory."""
    if raw.kind == "number":
        return raw.count_distinct()
    counts = to_text(raw).count_values()
    return None if counts is None else len(counts) - (None in counts)
