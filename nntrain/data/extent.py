"""How far the values of a column reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn
from nntrain.data.value_stream import ValueStream

__all__ = ["Extent"]

# So many numbers are looked at before all others are.
FIRST = 1024


@dataclass
class Extent:
    """Of ``known`` and ``missing`` values: the ``first``, whether all are ``equal`` to it; of numbers the lowest and
    the highest, and whether all are ``whole``.
    """

    known: int = 0
    missing: int = 0
    first: RawColumn | None = None
    equal: bool = True
    low: float = np.inf
    high: float = -np.inf
    whole: bool = True

    @classmethod
    def of(cls, raw: ValueStream) -> Self:
        """Look at all values once."""
        extent = cls()
        for chunk in raw.chunks():
            there = np.flatnonzero(~chunk.missing)
            extent.missing += len(chunk.values) - len(there)
            extent.add(chunk if len(there) == len(chunk) else chunk.take(there))
        return extent

    def add(self, known: RawColumn) -> None:
        """Widen it by values of which none is missing."""
        if not len(known):
            return
        self.known += len(known.values)
        self.first = self.first or known.take(np.array([0]))
        self.equal = self.equal and known.holds_only(self.first)
        if known.kind == "number":
            self.low, self.high = min(self.low, float(known.values.min())), max(self.high, float(known.values.max()))
            # The first numbers mostly tell.
            self.whole = self.whole and are_whole(known.values[:FIRST]) and are_whole(known.values[FIRST:])


def are_whole(values: Array) -> bool:
    """Whether there is no number with a fraction."""
    return bool((np.floor(values) == values).all())
