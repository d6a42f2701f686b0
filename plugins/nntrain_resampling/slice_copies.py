"""Index arrays as copies of slices."""

import numpy as np

from nntrain.compute.array import IntArray

# The target and the source, which may be reversed, or one element for all of the target.
SliceCopy = tuple[slice, slice]


def find_slice_copies(source: IntArray) -> list[SliceCopy]:
    """y[j] = x[source[j]] as the fewest copies of slices; nothing where source is negative."""
    found: list[SliceCopy] = []
    inside = source >= 0
    step = np.diff(source)
    # The ends of runs with the same step, and the changes between valid and negative sources.
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


def find_next(positions: IntArray, start: int, end: int) -> int:
    """The first of sorted positions after ``start``; ``end`` if there is none."""
    index = int(np.searchsorted(positions, start, side="right"))
    return int(positions[index]) if index < len(positions) else end


def to_slice(first: int, last: int) -> slice:
    """The slice from ``first`` to ``last``, inclusive, reversed if last < first."""
    if last < first:
        return slice(first, last - 1 if last else None, -1)
    return slice(first, last + 1)
