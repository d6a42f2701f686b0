"""Memory that an operation reads or writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nntrain.compute.array import Array


class MemorySpan(NamedTuple):
    """``size`` bytes between the addresses ``start`` and ``stop``: all of them, or less in a view with gaps."""

    start: int
    stop: int
    size: int

    @classmethod
    def of(cls, array: Array) -> MemorySpan:
        """Return the memory of an array, in which repeated elements of a broadcast array count once."""
        start, stop = np.lib.array_utils.byte_bounds(array)
        return cls(start, stop, min(array.nbytes, stop - start))

    def overlaps(self, other: MemorySpan) -> bool:
        """Whether two spans have addresses in common."""
        return self.start < other.stop and other.start < self.stop


def find_spans(arrays: Iterable[Array]) -> list[MemorySpan]:
    """Return the memory of arrays, each once, without empty ones."""
    return list(dict.fromkeys(span for span in map(MemorySpan.of, arrays) if span.size))
