"""An axis as stretches that are copied."""

from __future__ import annotations

from nntrain.nn.array import Index

__all__ = ["Run", "runs"]

# Where a stretch goes to, and where it comes from: forwards, backwards, or one element for all.
Run = tuple[slice, slice]


def runs(source: Index) -> list[Run]:
    """y[j] = x[source[j]] as copies of slices, as few as there are; nothing where source is negative."""
    found: list[Run] = []
    positions = [int(position) for position in source]
    start = 0
    while start < len(positions):
        stop = end_of_run(positions, start)
        if positions[start] >= 0:
            found.append((slice(start, stop), stretch(positions[start], positions[stop - 1])))
        start = stop
    return found


def end_of_run(positions: list[int], start: int) -> int:
    """Where the steps to the next position change, or leave the axis."""
    stop = start + 1
    if stop < len(positions):
        step = positions[stop] - positions[start]
        while abs(step) <= 1 and stop < len(positions) and min(positions[start], positions[stop]) >= 0:
            if positions[stop] - positions[stop - 1] != step:
                break
            stop += 1
    return stop


def stretch(first: int, last: int) -> slice:
    """The elements from ``first`` to ``last``, backwards if that comes before."""
    if last < first:
        return slice(first, last - 1 if last else None, -1)
    return slice(first, last + 1)
