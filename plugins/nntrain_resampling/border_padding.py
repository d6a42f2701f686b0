"""y[j] = x[source(j − before)] along the last axes."""

from abc import abstractmethod
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.sample_module import SampleModule

BlockIndex = tuple[Any, ...]

# The target and the source, which may be reversed, or one element for all of the target.
SliceCopy = tuple[slice, slice]


class BorderPadding(SampleModule):
    """y[j] = x[source(j − before)] along the last axes, 0 where there is no source;  dx[source] += dy.

    A negative amount crops. Abstract: a subclass implements source, ``map_positions``.
    """

    # The padding before and after each of the last axes, in the order of the axes.
    amounts: tuple[tuple[int, int], ...]

    @abstractmethod
    def map_positions(self, position: IntArray, size: int) -> IntArray:
        """The sources of positions, which may be below 0 or above size − 1; −1 for none."""

    def get_min_size(self, before: int, after: int) -> int:
        """The minimum size of an axis with these amounts."""
        return max(1, 1 - before - after)

    def update_output(self, x: Array) -> Array:
        names = self.sample_axes[-len(self.amounts) :]
        minimum = {name: self.get_min_size(*pad) for name, pad in zip(names, self.amounts, strict=True)}
        x = self.require_samples(x, minimum=minimum)
        sizes = [size + sum(pad) for size, pad in zip(x.shape[-len(names) :], self.amounts, strict=True)]
        y = self.output_of((*x.shape[: -len(names)], *sizes), like=x)
        y[...] = 0
        for to, origin in self._iterate_copies(x):
            y[to] = x[origin]
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.zero_grad_input_of(x)
        for to, origin in self._iterate_copies(x):
            part, total = dy[to], dx[origin]
            repeated = tuple(axis for axis in range(dx.ndim) if part.shape[axis] != total.shape[axis])
            if repeated:
                part = np.sum(part, repeated, keepdims=True, out=self.buffer("sum", total.shape, like=dx))
            np.add(total, part, out=total)
        return dx

    def _iterate_copies(self, x: Array) -> Iterator[tuple[BlockIndex, BlockIndex]]:
        """Yield the target in y and the source in x of each block that is copied."""
        axes = []
        for axis, (size, (before, after)) in enumerate(zip(x.shape[-len(self.amounts) :], self.amounts, strict=True)):
            positions = self.buffer(f"positions {axis}", (size + before + after,), like=x, dtype=np.intp)
            positions[...] = np.arange(-before, size + after)
            axes.append(find_slice_copies(self.map_positions(positions, size)))
        for block in product(*axes):
            yield (..., *(to for to, _ in block)), (..., *(origin for _, origin in block))


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
