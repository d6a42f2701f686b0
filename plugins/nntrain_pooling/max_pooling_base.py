"""The base of layers that take the largest element of every window."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.threads import map_ranges
from nntrain.nn.bases.sample_module import SampleModule


def flatten_positions(positions: Sequence[IntArray], sizes: Shape, out: IntArray | None = None) -> IntArray:
    """The flat positions (channels, *m) in a channel of these sizes, from those per axis: (channels, m) or (1, m).

    The map is linear: terms of a position may be flattened separately and added, and may be out of range.
    """
    total = positions[0]
    for axis, (position, size) in enumerate(zip(positions[1:], sizes[1:], strict=True), 1):
        last = out if axis == len(positions) - 1 else None
        total = np.add(total[..., None] * size, np.expand_dims(position, tuple(range(1, axis + 1))), out=last)
    return total


# Elements in a block of channels, so that comparisons stay in the caches; threads share the blocks.
BLOCK_SIZE = 1 << 19


class MaxPoolingBase(SampleModule):
    """y = the largest element of each window of x;  dx is dy, summed at the positions that y came from.

    A window is a start and steps from it along each of the last axes; its taps are numbered in row-major order.
    The first of equal taps wins, and NaN never does. The number of the winning tap is stored for the backward pass.
    """

    # The sizes of the windowed axes of the last input.
    input_size: Shape = ()

    @property
    def is_disjoint(self) -> bool:
        """Whether no two windows are known to overlap."""
        return False

    @abstractmethod
    def check_input(self, x: Array) -> Array:
        """x as floating-point numbers. ShapeError if it does not fit."""

    @abstractmethod
    def count_windows(self, x: Array) -> Shape:
        """The number of windows along each axis."""

    @abstractmethod
    def get_starts(self) -> Sequence[IntArray]:
        """The starts of the windows along each axis: (channels, count), or (1, count) for all channels."""

    @abstractmethod
    def get_steps(self) -> Sequence[IntArray]:
        """The steps from the start to each tap, along each axis: (1, kernel)."""

    @abstractmethod
    def iterate_candidates(self, channels: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        """Yield the number and the elements of every tap in a block of channels, shaped as ``like``; −∞ outside."""

    def get_first_taps(self) -> IntArray | int:
        """The number of the first tap of each window inside of x."""
        return 0

    def update_output(self, x: Array) -> Array:
        x = self.check_input(x)
        counts = self.count_windows(x)
        lead, self.input_size = x.shape[: -len(counts)], x.shape[-len(counts) :]
        y = self.output_of((*lead, *counts), like=x)
        winner = self._get_winner()
        winner[...] = self.get_first_taps()
        channels, best = x.reshape(-1, *self.input_size), y.reshape(winner.shape)
        blocks = self.split_blocks()

        def compare(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                best[block] = -np.inf
                for tap, candidate in self.iterate_candidates(channels, block, best[block]):
                    self._update_winner(best[block], winner[block], candidate, tap)

        map_ranges(len(blocks), compare)
        return y

    def _update_winner(self, best: Array, winner: IntArray, candidate: Array, tap: int) -> None:
        """Replace the best elements by those of a later tap where they are larger."""
        better = self.buffer("better", best.shape, like=best, dtype=np.bool_)
        number = self.buffer("number", best.shape, like=best, dtype=winner.dtype)
        np.greater(candidate, best, out=better)
        np.fmax(best, candidate, out=best)
        # Taps come in ascending order, so the last winner has the largest number.
        np.multiply(better.view(np.uint8), winner.dtype.type(tap), out=number)
        np.maximum(winner, number, out=winner)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        winner = self._get_winner()
        channels, gradients = dx.reshape(-1, *self.input_size), dy.reshape(winner.shape)
        blocks = self.split_blocks()

        def scatter(some: range) -> None:
            for block in blocks[some.start : some.stop]:
                channels[block] = 0
                self._scatter(dx.reshape(-1), self.get_positions(block, winner[block]), gradients[block])

        map_ranges(len(blocks), scatter)
        return dx

    def _scatter(self, dx: Array, positions: IntArray, dy: Array) -> None:
        """dx ← dx + dy at positions, which may repeat unless the windows are disjoint."""
        if self.is_disjoint:
            dx[positions] = dy
        else:
            np.add.at(dx, positions.reshape(-1), dy.reshape(-1))

    @property
    def indices(self) -> IntArray:
        """The positions that the last y came from, within the channel, in the shape of y; empty before the first y."""
        indices = self.buffer("indices", self.output.shape, like=self.output, dtype=np.int64)
        for block in self.split_blocks():
            out = indices.reshape(self._get_winner().shape)[block]
            np.subtract(self.get_positions(block), self._get_channel_starts(block), out=out)
        return indices

    def get_positions(self, block: slice, winner: IntArray | None = None) -> IntArray:
        """The positions in flattened x that the last y of a block of channels came from, by the winning taps.

        In a thread ``winner`` must be passed: buffers are per thread there.
        """
        if winner is None:
            winner = self._get_winner()[block]
        taps = self.buffer("taps", winner.shape, like=winner, dtype=np.intp)
        offsets = self.buffer("offsets", winner.shape, like=winner, dtype=np.intp)
        np.copyto(taps, winner)
        steps = self.get_steps()
        kernel = self.buffer("kernel", (1, *(step.size for step in steps)), like=winner, dtype=np.intp)
        np.copyto(kernel, flatten_positions(steps, self.input_size, out=kernel if len(steps) > 1 else None))
        np.take(kernel.reshape(-1), taps, out=offsets, mode="clip")
        positions = self.flatten_block_positions(self.get_starts(), block, winner.shape)
        return np.add(positions, offsets, out=positions)

    def flatten_block_positions(self, positions: Sequence[IntArray], block: slice, shape: Shape) -> IntArray:
        """The positions in flattened x of a block of channels, from those along each axis."""
        out = self.buffer("positions", shape, like=self.output, dtype=np.intp)
        if len(positions[0]) == 1:
            flat = flatten_positions(positions, self.input_size)
        else:
            flat = flatten_positions([position[block] for position in positions], self.input_size, out=out)
        return np.add(flat, self._get_channel_starts(block), out=out)

    def _get_channel_starts(self, block: slice) -> IntArray:
        """The start of each channel in flattened x, to broadcast with (channels, *counts)."""
        count, size = block.stop - block.start, prod(self.input_size)
        starts = self.buffer("channel_starts", (count,), like=self.output, dtype=np.intp)
        np.multiply(self.arange(count), size, out=starts)
        np.add(starts, block.start * size, out=starts)
        return starts.reshape(-1, *(1,) * len(self.input_size))

    def _get_winner(self) -> IntArray:
        """Memory for the number of the winning tap of each window: (channels, *counts)."""
        axes = len(self.input_size)
        shape = self.output.shape
        dtype = np.min_scalar_type(prod(step.size for step in self.get_steps()) - 1)
        return self.buffer("winner", (prod(shape[:-axes]), *shape[-axes:]), like=self.output, dtype=dtype)

    def split_blocks(self) -> list[slice]:
        """The channels of the last y in blocks."""
        channels = prod(self.output.shape[: -len(self.input_size)]) if self.output.size else 0
        step = max(BLOCK_SIZE // max(prod(self.input_size), 1), 1)
        return [slice(start, min(start + step, channels)) for start in range(0, channels, step)]
