"""The base of layers that take the largest element of every window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.threads import map_ranges
from nntrain.nn.bases.sample_module import SampleModule

__all__ = ["MaxPoolingBase", "flatten_positions"]


def flatten_positions(places: Sequence[IntArray], sizes: Shape, out: IntArray | None = None) -> IntArray:
    """The positions (planes, *m) in a plane of these sizes, from those along each axis: (planes, m) or (1, m).

    They add up, so parts of a position may be taken together afterwards, and a part may lie outside.
    """
    total = places[0]
    for axis, (place, size) in enumerate(zip(places[1:], sizes[1:], strict=True), 1):
        last = out if axis == len(places) - 1 else None
        total = np.add(total[..., None] * size, np.expand_dims(place, tuple(range(1, axis + 1))), out=last)
    return total


# Planes of about so many elements are worked on at a time: what is compared stays near the processor, and threads
# share out the blocks.
BLOCK_SIZE = 1 << 19


class MaxPoolingBase(SampleModule):
    """y = the largest element of each window of x;  dx is dy added up where y came from.

    A window is a start and steps from there, along each of the last axes; its elements are its taps, row by row.
    The first of equal taps wins, and NaN never does. What is remembered is the number of the tap that won.
    """

    # The sizes of the windowed axes of the last input.
    input_size: Shape = ()

    @property
    def is_disjoint(self) -> bool:
        """Whether no two windows have an element in common, as far as the layer knows."""
        return False

    @abstractmethod
    def check_input(self, x: Array) -> Array:
        """x as floating numbers. ShapeError if the layer cannot take it."""

    @abstractmethod
    def count_windows(self, x: Array) -> Shape:
        """The number of windows along each axis."""

    @abstractmethod
    def get_starts(self) -> Sequence[IntArray]:
        """Where the windows start along each axis: (planes, count), or (1, count) for all planes."""

    @abstractmethod
    def get_steps(self) -> Sequence[IntArray]:
        """The steps from the start to each tap, along each axis: (1, kernel)."""

    @abstractmethod
    def iterate_candidates(self, planes: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        """Every tap's number and its elements in a block of planes, shaped as ``like``; −∞ where it lies outside."""

    def get_first_taps(self) -> IntArray | int:
        """The number of the first tap of each window that lies inside of x."""
        return 0

    def update_output(self, x: Array) -> Array:
        x = self.check_input(x)
        counts = self.count_windows(x)
        lead, self.input_size = x.shape[: -len(counts)], x.shape[-len(counts) :]
        y = self.output_of((*lead, *counts), like=x)
        winner = self._get_winner()
        winner[...] = self.get_first_taps()
        planes, best = x.reshape(-1, *self.input_size), y.reshape(winner.shape)
        blocks = self.split_blocks()

        def compare(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                best[block] = -np.inf
                for tap, candidate in self.iterate_candidates(planes, block, best[block]):
                    self._update_winner(best[block], winner[block], candidate, tap)

        map_ranges(len(blocks), compare)
        return y

    def _update_winner(self, best: Array, winner: IntArray, candidate: Array, tap: int) -> None:
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
        winner = self._get_winner()
        planes, slopes = dx.reshape(-1, *self.input_size), dy.reshape(winner.shape)
        blocks = self.split_blocks()

        def scatter(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                planes[block] = 0
                self._scatter(dx.reshape(-1), self.get_positions(block, winner[block]), slopes[block])

        map_ranges(len(blocks), scatter)
        return dx

    def _scatter(self, dx: Array, positions: IntArray, dy: Array) -> None:
        """dx ← dx + dy at positions, which may repeat unless no two windows meet."""
        if self.is_disjoint:
            dx[positions] = dy
        else:
            np.add.at(dx, positions.reshape(-1), dy.reshape(-1))

    @property
    def indices(self) -> IntArray:
        """Where the last y came from: positions within the plane, in the shape of y; empty before the first y."""
        indices = self.buffer("indices", self.output.shape, like=self.output, dtype=np.int64)
        for block in self.split_blocks():
            places = indices.reshape(self._get_winner().shape)[block]
            np.subtract(self.get_positions(block), self._get_plane_starts(block), out=places)
        return indices

    def get_positions(self, block: slice, winner: IntArray | None = None) -> IntArray:
        """Where the last y of a block of planes came from, in all of x laid flat, by the taps that won.

        A part of shared work must bring them: memory by name is its own there.
        """
        if winner is None:
            winner = self._get_winner()[block]
        taps = self.buffer("taps", winner.shape, like=winner, dtype=np.intp)
        moves = self.buffer("moves", winner.shape, like=winner, dtype=np.intp)
        np.copyto(taps, winner)
        steps = self.get_steps()
        kernel = self.buffer("kernel", (1, *(step.size for step in steps)), like=winner, dtype=np.intp)
        np.copyto(kernel, flatten_positions(steps, self.input_size, out=kernel if len(steps) > 1 else None))
        np.take(kernel.reshape(-1), taps, out=moves, mode="clip")
        positions = self.flatten_places(self.get_starts(), block, winner.shape)
        return np.add(positions, moves, out=positions)

    def flatten_places(self, places: Sequence[IntArray], block: slice, shape: Shape) -> IntArray:
        """Places along each axis as positions in all of x laid flat, in a block of planes."""
        positions = self.buffer("positions", shape, like=self.output, dtype=np.intp)
        if len(places[0]) == 1:
            flat = flatten_positions(places, self.input_size)
        else:
            flat = flatten_positions([place[block] for place in places], self.input_size, out=positions)
        return np.add(flat, self._get_plane_starts(block), out=positions)

    def _get_plane_starts(self, block: slice) -> IntArray:
        """Where each plane begins in all of x laid flat, as it meets (planes, *counts)."""
        count, size = block.stop - block.start, prod(self.input_size)
        starts = self.buffer("plane_starts", (count,), like=self.output, dtype=np.intp)
        np.multiply(self.arange(count), size, out=starts)
        np.add(starts, block.start * size, out=starts)
        return starts.reshape(-1, *(1,) * len(self.input_size))

    def _get_winner(self) -> IntArray:
        """Memory for the number of the tap that won in each window: (planes, *counts)."""
        axes = len(self.input_size)
        shape = self.output.shape
        dtype = np.min_scalar_type(prod(step.size for step in self.get_steps()) - 1)
        return self.buffer("winner", (prod(shape[:-axes]), *shape[-axes:]), like=self.output, dtype=dtype)

    def split_blocks(self) -> list[slice]:
        """The planes of the last y, some at a time."""
        planes = prod(self.output.shape[: -len(self.input_size)]) if self.output.size else 0
        step = max(BLOCK_SIZE // max(prod(self.input_size), 1), 1)
        return [slice(start, min(start + step, planes)) for start in range(0, planes, step)]
