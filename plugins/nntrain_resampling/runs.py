"""An axis as stretches that are copied."""

from __future__ import annotations

from nntrain.nn.array import Index

__all__ = ["Run", "runs"]

# Where a stretch goes to, and where it comes from: forwards, backwards, or one element for all.
Run = tuple[slice, slice]


def runs(source: Index) -> list[Run]:
    """The stretches of y[j] = x[source[j]], the longest that are slices of x; none where source is negative."""
    found: list[Run] = []
    positions = [int(position) for position in source]
    start = 0
    while start < len(positions):
        stop = start + 1
        if positions[start] >= 0:
            step = positions[stop] - positions[start] if stop < len(positions) else 1
            if abs(step) <= 1 and positions[stop : stop + 1] != [-1]:
                while stop < len(positions) and positions[stop] - positions[stop - 1] == step:
                    stop += 1
            found.append((slice(start, stop), stretch(positions[start], positions[stop - 1], step)))
        start = stop
    return found


def stretch(first: int, last: int, step: int) -> slice:
    """The elements from ``first`` to ``last``, backwards if the step is −1."""
    if step == -1 and last < first:
        return slice(first, last - 1 if last else None, -1)
    return slice(first, last + 1)
