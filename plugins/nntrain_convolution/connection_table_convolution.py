"""The base of convolutions with a table of connections between channels."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, IntArray, Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.convolution_base import ConvolutionBase


class ConnectionTableConvolution(ConvolutionBase):
    """A kernel for each row (input channel, output channel) of ``conn_table``; repeated rows are summed.

    The kernels are copied into an array of all pairs of channels, with zeros elsewhere, and convolved as a full
    connection: one large product is faster than many small ones unless the table is very sparse.
    Initially the kernels and the bias of output channel o are U(−s, s), s = 1 / √(taps · rows to o).
    """

    # The columns of the table that index the first two axes of a full weight.
    pairing: tuple[int, int] = (1, 0)

    # The table determines the channels.
    inferred = {}

    conn_table: IntArray

    def _init_connected(self, conn_table: Sequence[Sequence[int]] | IntArray, windows: Windows) -> None:
        """``_init_convolution`` with a table. ArgumentError unless its rows are pairs, with all output channels."""
        table = np.asarray(conn_table)
        if table.ndim != 2 or table.shape[1] != 2 or not len(table) or table.dtype.kind not in "iu" or table.min() < 0:
            raise self.argument_error("expected a conn_table of rows (input channel, output channel), counted from 0")
        self.conn_table = table.astype(np.int64)
        # np.unique rather than np.bincount, as the largest channel may be any number.
        outputs = np.unique(self.conn_table[:, 1])
        missing = np.flatnonzero(outputs != np.arange(len(outputs)))
        if len(missing):
            raise self.argument_error(f"expected rows to every output channel in conn_table, got none to {missing[0]}")
        n_input_plane, n_output_plane = (int(n) + 1 for n in table.max(axis=0))
        self._init_convolution(n_input_plane, n_output_plane, windows, bias=True)

    def _get_weight_shape(self) -> Shape:
        return (len(self.conn_table), *self.windows.kernel)

    def reset(self, stdv: float | None = None) -> None:
        taps = int(np.prod(self.windows.kernel))
        fan_in = np.bincount(self.conn_table[:, 1]) * taps
        s = fan_in**-0.5 if stdv is None else np.full(self.n_output_plane, stdv * 3**0.5)
        for array, bound in ((self.weight, s[self.conn_table[:, 1]]), (self.bias, s)):
            if array is not None:
                random.fill_uniform(array, -1, 1)
                array *= bound.reshape(-1, *(1,) * (array.ndim - 1))

    def _get_pairs(self) -> tuple[IntArray, IntArray]:
        """The index of each row's kernel in the array of all pairs."""
        first, second = self.pairing
        return self.conn_table[:, first], self.conn_table[:, second]

    def _get_kernels(self) -> Array:
        """The kernels of all pairs of channels, as one group."""
        channels = (self.n_input_plane, self.n_output_plane)
        shape = (channels[self.pairing[0]], channels[self.pairing[1]], *self.windows.kernel)
        kernels = self.buffer("kernels", shape, like=self.weight)
        kernels[...] = 0
        np.add.at(kernels, self._get_pairs(), self.weight)
        return kernels[None]

    def _accumulate_weight(self, dW: Array, scale: float) -> None:
        """grad_weight ← grad_weight + scale dW at the rows' pairs."""
        self.grad_weight += scale * dW[0][self._get_pairs()]

    def label(self) -> str:
        return type(self).__name__
