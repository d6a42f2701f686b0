"""An axis as stretches that are copied."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import IntArray

__all__ = ["SliceCopy", "find_slice_copies"]

# Where a stretch goes to, and where it comes from: forwards, backwards, or one element for all.
SliceCopy = tuple[slice, slice]


def find_slice_copies(source: IntArray) -> list[SliceCopy]:
    """y[j] = x[source[j]] as copies of slices, as few as there are; nothing where source is negative."""
    found: list[SliceCopy] = []
    inside = source >= 0
    step = np.diff(source)
    # Where a run of the same step ends, and where the axis is left or met again.
    turns = np.flatnonzero(step[1:] != step[:-1]) + 1
    borders = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    start = 0
    while start < len(source):
        stop = find_next(borders, start, len(source))
        if inside[start]:
            if start + 1 < stop:
                stop = min(stop, find_next(turns, start, len(step)) + 1) if abs(step[start]) <= 1 else start + 1
            found.append((slice(start, stop), to_slice(int(source[start]), int(source[stop - 1]))))
        start = stop
    return found


def find_next(places: IntArray, start: int, end: int) -> int:
    """The first of sorted places beyond ``start``; ``end`` if there is none."""
    index = int(np.searchsorted(places, start, side="right"))
    return int(places[index]) if index < len(places) else end


def to_slice(first: int, last: int) -> slice:
    """The elements from ``first`` to ``last``, backwards if that comes before."""
    if last < first:
        return slice(first, last - 1 if last else None, -1)
    return slice(first, last + 1)
