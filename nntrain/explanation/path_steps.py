"""The steps of integrals along paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, IntArray


@dataclass(frozen=True)
class PathSteps:
    """Steps from ``begins`` to ``begins + widths`` on the paths α = 0 to 1 of ``rows``, in ascending order of the rows.

    Shapes:
        all (steps,); f_begins and f_ends: the function at both ends
    """

    rows: IntArray
    begins: Array
    widths: Array
    f_begins: Array
    f_ends: Array

    @classmethod
    def divide(cls, f: Array) -> PathSteps:
        """Return equal steps, from the values f (rows, steps + 1) at their ends."""
        rows, steps = len(f), f.shape[1] - 1
        begins = np.tile(np.arange(steps) / steps, rows)
        widths = np.full(rows * steps, 1 / steps)
        return cls(np.repeat(np.arange(rows), steps), begins, widths, f[:, :-1].ravel(), f[:, 1:].ravel())

    @classmethod
    def join(cls, blocks: Sequence[PathSteps]) -> PathSteps:
        """Return the steps of one or more blocks."""
        return cls(*map(np.concatenate, zip(*(vars(block).values() for block in blocks), strict=True)))

    @property
    def middles(self) -> Array:
        """α in the middle of each step."""
        return self.begins + self.widths / 2

    def take(self, chosen: Array | slice) -> PathSteps:
        """Return some of the steps."""
        return PathSteps(*(array[chosen] for array in vars(self).values()))

    def split(self, size: int) -> Iterator[PathSteps]:
        """Yield consecutive steps, at most ``size`` at once."""
        for begin in range(0, len(self.rows), size):
            yield self.take(slice(begin, begin + size))

    def halve(self, f_middles: Array) -> PathSteps:
        """Return both halves of each step, from the values in the middle."""
        return PathSteps(
            np.repeat(self.rows, 2),
            np.stack([self.begins, self.middles], axis=1).ravel(),
            np.repeat(self.widths / 2, 2),
            np.stack([self.f_begins, f_middles], axis=1).ravel(),
            np.stack([f_middles, self.f_ends], axis=1).ravel(),
        )


def add_by_row(totals: Array, rows: IntArray, values: Array) -> None:
    """Add each value to the total of its row; ``rows`` ascending."""
    if len(rows):
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))
        totals[rows[firsts]] += np.add.reduceat(values, firsts, axis=0, dtype=np.float64)
