"""The base of layers that take the largest element of every window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from nntrain.nn.array import Array, Index, Shape
from nntrain.nn.samples import Samples
from nntrain_pooling.flat_positions import flat_positions

__all__ = ["Maximum"]


class Maximum(Samples):
    """y = the largest element of each window of x;  dx is dy added up where y came from.

    A window is a start and steps from there, along each of the last axes; its elements are its taps, row by row.
    The first of equal taps wins, and NaN never does. What is remembered is the number of the tap that won.
    """

    # The sizes of the windowed axes of the last input.
    input_size: Shape = ()

    @abstractmethod
    def checked(self, x: Array) -> Array:
        """x as floating numbers. ShapeError if the layer cannot take it."""

    @abstractmethod
    def counts(self, x: Array) -> Shape:
        """The number of windows along each axis."""

    @abstractmethod
    def starts(self) -> Sequence[Index]:
        """Where the windows start along each axis: (planes, count), or (1, count) for all planes."""

    @abstractmethod
    def steps(self) -> Sequence[Index]:
        """The steps from the start to each tap, along each axis: (1, kernel)."""

    @abstractmethod
    def candidates(self, planes: Array, like: Array) -> Iterator[tuple[int, Array]]:
        """Every tap's number and its elements, in the shape of ``like``; −∞ where it lies outside of x."""

    def first_taps(self) -> Index | int:
        """The number of the first tap of each window that lies inside of x."""
        return 0

    def update_output(self, x: Array) -> Array:
        x = self.checked(x)
        counts = self.counts(x)
        lead, self.input_size = x.shape[: -len(counts)], x.shape[-len(counts) :]
        y = self.output_of((*lead, *counts), like=x)
        best = y.reshape(-1, *counts)
        best[...] = -np.inf
        self._winner()[...] = self.first_taps()
        for tap, candidate in self.candidates(x.reshape(-1, *self.input_size), best):
            self._challenge(best, candidate, tap)
        return y

    def _challenge(self, best: Array, candidate: Array, tap: int) -> None:
        """Let a later tap take the place of the best ones that are smaller."""
        winner = self._winner()
        better = self.buffer("better", best.shape, like=best, dtype=np.bool_)
        number = self.buffer("number", best.shape, like=best, dtype=winner.dtype)
        np.greater(candidate, best, out=better)
        np.fmax(best, candidate, out=best)
        # The taps come in order, so the last winner is the largest number.
        np.multiply(better.view(np.uint8), winner.dtype.type(tap), out=number)
        np.maximum(winner, number, out=winner)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        dx[...] = 0
        np.add.at(dx.reshape(-1), self.positions().reshape(-1), dy.reshape(-1))
        return dx

    @property
    def indices(self) -> Index:
        """Where the last y came from: positions within the plane, in the shape of y; empty before the first y."""
        if not self.output.size:
            return np.empty(0, np.int64)
        positions = self.positions()
        np.subtract(positions, self._plane_starts(), out=positions)
        return positions.reshape(self.output.shape)

    def positions(self) -> Index:
        """Where the last y came from, in all of x laid flat: (planes, *counts)."""
        winner = self._winner()
        taps = self.buffer("taps", winner.shape, like=winner, dtype=np.intp)
        moves = self.buffer("moves", winner.shape, like=winner, dtype=np.intp)
        np.copyto(taps, winner)
        np.take(flat_positions(self.steps(), self.input_size).reshape(-1), taps, out=moves, mode="clip")
        positions = self.laid_flat(self.starts())
        np.add(positions, moves, out=positions)
        return positions

    def laid_flat(self, places: Sequence[Index]) -> Index:
        """Places along each axis as positions in all of x laid flat: (planes, *counts)."""
        shape = self._winner().shape
        positions = self.buffer("positions", shape, like=self.output, dtype=np.intp)
        out = None if len(places[0]) == 1 else positions
        return np.add(flat_positions(places, self.input_size, out), self._plane_starts(), out=positions)

    def _plane_starts(self) -> Index:
        """Where each plane begins in all of x laid flat, as it meets (planes, *counts)."""
        axes = len(self.input_size)
        planes = np.arange(prod(self.output.shape[:-axes])) * prod(self.input_size)
        return planes.reshape(-1, *(1,) * axes)

    def _winner(self) -> Index:
        """Memory for the number of the tap that won in each window: (planes, *counts)."""
        axes = len(self.input_size)
        shape = self.output.shape
        taps = prod(step.size for step in self.steps())
        dtype = np.min_scalar_type(taps - 1)
        return self.buffer("winner", (prod(shape[:-axes]), *shape[-axes:]), like=self.output, dtype=dtype)
