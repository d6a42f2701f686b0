"""How far the values of a column reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.value_stream import ValueStream

__all__ = ["ColumnStatistics"]

# So many numbers are looked at before all others are.
SAMPLE_SIZE = 1024


@dataclass
class ColumnStatistics:
    """Of ``known`` and ``missing`` values: the ``first``, whether all are ``equal`` to it; of numbers the lowest and
    the highest, and whether all are ``whole``.
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
        """Look at all values once."""
        extent = cls()
        for chunk in raw.iterate_chunks():
            there = np.flatnonzero(~chunk.missing)
            extent.missing_count += len(chunk.values) - len(there)
            extent.add(chunk if len(there) == len(chunk) else chunk.take(there))
        return extent

    def add(self, known: RawColumn) -> None:
        """Widen it by values of which none is missing."""
        if not len(known):
            return
        self.known_count += len(known.values)
        self.first = self.first or known.take(np.array([0]))
        self.is_constant = self.is_constant and known.holds_only(self.first)
        if known.kind == "number":
            self.min, self.max = min(self.min, float(known.values.min())), max(self.max, float(known.values.max()))
            # The first numbers mostly tell.
            self.is_integer = (
                self.is_integer
                and are_integers(known.values[:SAMPLE_SIZE])
                and are_integers(known.values[SAMPLE_SIZE:])
            )


def are_integers(values: Array) -> bool:
    """Whether there is no number with a fraction."""
    return bool((np.floor(values) == values).all())
