"""The base of convolutions whose planes are connected by a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.convolution_base import ConvolutionBase

__all__ = ["ConnectionTableConvolution"]


class ConnectionTableConvolution(ConvolutionBase):
    """A kernel for each row (input plane, output plane) of ``conn_table``; rows that are repeated add up.

    The kernels are laid into an array of all pairs of planes, zero where no row is, so the arithmetic is that of the
    full connection: one large product is faster than many small ones unless the table is very thin.
    Initially the kernels and the bias of output plane o are U(−s, s), s = 1 / √(taps · rows that lead to o).
    """

    # The columns of the table whose planes the two axes of a full weight count.
    pairing: tuple[int, int] = (1, 0)

    # The planes follow from the table, not from a batch.
    inferred = {}

    conn_table: IntArray

    def _init_connected(self, conn_table: Sequence[Sequence[int]] | IntArray, windows: Windows) -> None:
        """``_make``, with the table. ArgumentError unless it has rows of two planes, and leads to every output."""
        table = np.asarray(conn_table)
        if table.ndim != 2 or table.shape[1] != 2 or not len(table) or table.dtype.kind not in "iu" or table.min() < 0:
            raise self.argument_error("expected a conn_table of rows (input plane, output plane), counted from 0")
        self.conn_table = table.astype(np.int64)
        # Not by counting up to the largest plane, which may be any number.
        led_to = np.unique(self.conn_table[:, 1])
        missing = np.flatnonzero(led_to != np.arange(len(led_to)))
        if len(missing):
            raise self.argument_error(f"expected rows to every output plane in conn_table, got none to {missing[0]}")
        n_input_plane, n_output_plane = (int(n) + 1 for n in table.max(axis=0))
        self._init_convolution(n_input_plane, n_output_plane, windows, bias=True)

    def _count_fan_in(self) -> IntArray:
        """How many rows lead to each output plane."""
        return np.bincount(self.conn_table[:, 1])

    def _get_weight_shape(self) -> Shape:
        return (len(self.conn_table), *self.windows.kernel)

    def reset(self, stdv: float | None = None) -> None:
        taps = int(np.prod(self.windows.kernel))
        s = (self._count_fan_in() * taps) ** -0.5 if stdv is None else np.full(self.n_output_plane, stdv * 3**0.5)
        for array, bound in ((self.weight, s[self.conn_table[:, 1]]), (self.bias, s)):
            if array is not None:
                random.fill_uniform(array, -1, 1)
                array *= bound.reshape(-1, *(1,) * (array.ndim - 1))

    def _get_pairs(self) -> tuple[IntArray, IntArray]:
        """Where the kernel of each row stands in the array of all pairs."""
        first, second = self.pairing
        return self.conn_table[:, first], self.conn_table[:, second]

    def _get_kernels(self) -> Array:
        """The kernels of all pairs of planes, as one group."""
        planes = (self.n_input_plane, self.n_output_plane)
        shape = (planes[self.pairing[0]], planes[self.pairing[1]], *self.windows.kernel)
        kernels = self.buffer("kernels", shape, like=self.weight)
        kernels[...] = 0
        np.add.at(kernels, self._get_pairs(), self.weight)
        return kernels[None]

    def _accumulate_weight(self, dW: Array, scale: float) -> None:
        """grad_weight ← grad_weight + scale dW at the rows' pairs."""
        self.grad_weight += scale * dW[0][self._get_pairs()]

    def label(self) -> str:
        return type(self).__name__
