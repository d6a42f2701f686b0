"""The base of layers that take the largest element of every window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.threads import map_ranges
from nntrain.nn.bases.sample_module import SampleModule
from nntrain_pooling.flat_positions import flat_positions

__all__ = ["Maximum"]

# Planes of about so many elements are worked on at a time: what is compared stays near the processor, and threads
# share out the blocks.
BLOCK = 1 << 19


class Maximum(SampleModule):
    """y = the largest element of each window of x;  dx is dy added up where y came from.

    A window is a start and steps from there, along each of the last axes; its elements are its taps, row by row.
    The first of equal taps wins, and NaN never does. What is remembered is the number of the tap that won.
    """

    # The sizes of the windowed axes of the last input.
    input_size: Shape = ()

    @property
    def apart(self) -> bool:
        """Whether no two windows have an element in common, as far as the layer knows."""
        return False

    @abstractmethod
    def checked(self, x: Array) -> Array:
        """x as floating numbers. ShapeError if the layer cannot take it."""

    @abstractmethod
    def counts(self, x: Array) -> Shape:
        """The number of windows along each axis."""

    @abstractmethod
    def starts(self) -> Sequence[IntArray]:
        """Where the windows start along each axis: (planes, count), or (1, count) for all planes."""

    @abstractmethod
    def steps(self) -> Sequence[IntArray]:
        """The steps from the start to each tap, along each axis: (1, kernel)."""

    @abstractmethod
    def candidates(self, planes: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        """Every tap's number and its elements in a block of planes, shaped as ``like``; −∞ where it lies outside."""

    def first_taps(self) -> IntArray | int:
        """The number of the first tap of each window that lies inside of x."""
        return 0

    def update_output(self, x: Array) -> Array:
        x = self.checked(x)
        counts = self.counts(x)
        lead, self.input_size = x.shape[: -len(counts)], x.shape[-len(counts) :]
        y = self.output_of((*lead, *counts), like=x)
        winner = self._winner()
        winner[...] = self.first_taps()
        planes, best = x.reshape(-1, *self.input_size), y.reshape(winner.shape)
        blocks = self.blocks()

        def compare(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                best[block] = -np.inf
                for tap, candidate in self.candidates(planes, block, best[block]):
                    self._challenge(best[block], winner[block], candidate, tap)

        map_ranges(len(blocks), compare)
        return y

    def _challenge(self, best: Array, winner: IntArray, candidate: Array, tap: int) -> None:
        """Let a later tap take the place of the best ones that are smaller."""
        better = self.buffer("better", best.shape, like=best, dtype=np.bool_)
        number = self.buffer("number", best.shape, like=best, dtype=winner.dtype)
        np.greater(candidate, best, out=better)
        np.fmax(best, candidate, out=best)
        # The taps come in order, so the last winner is the largest number.
        np.multiply(better.view(np.uint8), winner.dtype.type(tap), out=number)
        np.maximum(winner, number, out=winner)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        winner = self._winner()
        planes, slopes = dx.reshape(-1, *self.input_size), dy.reshape(winner.shape)
        blocks = self.blocks()

        def scatter(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                planes[block] = 0
                self._scatter(dx.reshape(-1), self.positions(block, winner[block]), slopes[block])

        map_ranges(len(blocks), scatter)
        return dx

    def _scatter(self, dx: Array, positions: IntArray, dy: Array) -> None:
        """dx ← dx + dy at positions, which may repeat unless no two windows meet."""
        if self.apart:
            dx[positions] = dy
        else:
            np.add.at(dx, positions.reshape(-1), dy.reshape(-1))

    @property
    def indices(self) -> IntArray:
        """Where the last y came from: positions within the plane, in the shape of y; empty before the first y."""
        indices = self.buffer("indices", self.output.shape, like=self.output, dtype=np.int64)
        for block in self.blocks():
            places = indices.reshape(self._winner().shape)[block]
            np.subtract(self.positions(block), self._plane_starts(block), out=places)
        return indices

    def positions(self, block: slice, winner: IntArray | None = None) -> IntArray:
        """Where the last y of a block of planes came from, in all of x laid flat, by the taps that won.

        A part of shared work must bring them: memory by name is its own there.
        """
        if winner is None:
            winner = self._winner()[block]
        taps = self.buffer("taps", winner.shape, like=winner, dtype=np.intp)
        moves = self.buffer("moves", winner.shape, like=winner, dtype=np.intp)
        np.copyto(taps, winner)
        steps = self.steps()
        kernel = self.buffer("kernel", (1, *(step.size for step in steps)), like=winner, dtype=np.intp)
        np.copyto(kernel, flat_positions(steps, self.input_size, out=kernel if len(steps) > 1 else None))
        np.take(kernel.reshape(-1), taps, out=moves, mode="clip")
        positions = self.laid_flat(self.starts(), block, winner.shape)
        return np.add(positions, moves, out=positions)

    def laid_flat(self, places: Sequence[IntArray], block: slice, shape: Shape) -> IntArray:
        """Places along each axis as positions in all of x laid flat, in a block of planes."""
        positions = self.buffer("positions", shape, like=self.output, dtype=np.intp)
        if len(places[0]) == 1:
            flat = flat_positions(places, self.input_size)
        else:
            flat = flat_positions([place[block] for place in places], self.input_size, out=positions)
        return np.add(flat, self._plane_starts(block), out=positions)

    def _plane_starts(self, block: slice) -> IntArray:
        """Where each plane begins in all of x laid flat, as it meets (planes, *counts)."""
        count, size = block.stop - block.start, prod(self.input_size)
        starts = self.buffer("plane_starts", (count,), like=self.output, dtype=np.intp)
        np.multiply(self.arange(count), size, out=starts)
        np.add(starts, block.start * size, out=starts)
        return starts.reshape(-1, *(1,) * len(self.input_size))

    def _winner(self) -> IntArray:
        """Memory for the number of the tap that won in each window: (planes, *counts)."""
        axes = len(self.input_size)
        shape = self.output.shape
        dtype = np.min_scalar_type(prod(step.size for step in self.steps()) - 1)
        return self.buffer("winner", (prod(shape[:-axes]), *shape[-axes:]), like=self.output, dtype=dtype)

    def blocks(self) -> list[slice]:
        """The planes of the last y, some at a time."""
        planes = prod(self.output.shape[: -len(self.input_size)]) if self.output.size else 0
        step = max(BLOCK // max(prod(self.input_size), 1), 1)
        return [slice(start, min(start + step, planes)) for start in range(0, planes, step)]
