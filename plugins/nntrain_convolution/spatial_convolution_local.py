"""y = b + W ⋆ x, with a kernel of its own for every place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows, fold, unfold
from nntrain.nn.parameter import add_scaled
from nntrain_convolution.convolving import Convolving
from nntrain_convolution.runs import evenly, fitting

__all__ = ["SpatialConvolutionLocal"]


class SpatialConvolutionLocal(Convolving):
    """y[o, i, j] = b[o, i, j] + Σ W[i, j, o, c, u, v] x[c, i dh + u − pad_h, j dw + v − pad_w]: nothing is shared.

    dx adds W[i, j, o] dy[o, i, j] to the window at (i, j);  dW[i, j, o] = Σ dy[o, i, j] · window;  db = Σ dy.

    Shapes:
        x (N, n_input_plane, ih, iw) → y (N, n_output_plane, oh, ow), or one sample without N;
        oh = ⌊(ih + 2 pad_h − kh) / dh⌋ + 1, ow likewise; x counts as 0 outside
        weight (oh, ow, n_output_plane, n_input_plane, kh, kw), bias (n_output_plane, oh, ow)
    pad_h is pad_w unless given. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for any other size of image or number of planes; ArgumentError for an image that is smaller
    than the kernel.
    Source: torch/nn, SpatialConvolutionLocal.lua.
    """

    def __init__(
        self,
        n_input_plane: int,
        n_output_plane: int,
        iw: int,
        ih: int,
        kw: int,
        kh: int,
        dw: int = 1,
        dh: int = 1,
        pad_w: int = 0,
        pad_h: int | None = None,
    ) -> None:
        windows = Windows((kh, kw), (dh, dw), (pad_w if pad_h is None else pad_h, pad_w))
        self.sizes = ih, iw
        if min(dh, dw) >= 1 and min(windows.count_windows(self.sizes)) < 1:
            raise self.argument_error(f"expected an image of at least the kernel's {kw}x{kh}, got {iw}x{ih}")
        self._make(n_input_plane, n_output_plane, windows, bias=True)

    def _weight_shape(self) -> Shape:
        return (*self._counts(self.sizes), self.n_output_plane, self.n_input_plane, *self.windows.kernel)

    def _bias_shape(self) -> Shape:
        return (self.n_output_plane, *self._counts(self.sizes))

    def _wanted(self) -> str:
        return f"an input of shape (N, {self.n_input_plane}, {self.sizes[0]}, {self.sizes[1]})"

    def _samples(self, x: Array) -> Array:
        self.require(x, 3, 4, axis=-2, size=self.sizes[0], expected=self._wanted())
        self.require(x, 3, 4, axis=-1, size=self.sizes[1], expected=self._wanted())
        return super()._samples(x)

    # Below, a batch is (places, planes or taps, samples): one product for each place.

    def _kernels(self, weight: Array) -> Array:
        """A weight as (places, n_output_plane, taps), a view."""
        places = weight.shape[0] * weight.shape[1]
        return weight.reshape(places, self.n_output_plane, -1)

    def _by_places(self, y: Array, name: str) -> Array:
        """Memory for y or dy as (places, n_output_plane, samples)."""
        return self.buffer(name, (y.shape[2] * y.shape[3], y.shape[1], len(y)), like=y)

    def _unfolded(self, x: Array, y: Array) -> Array:
        """The windows of x as (places, taps, samples)."""
        columns = self.buffer("columns", (y.shape[2] * y.shape[3], self._taps(), len(x)), like=x)
        unfold(x, self.windows, self._as_windows(columns, y))
        return columns

    def _taps(self) -> int:
        """How many values of x one value of y is made of."""
        return self.n_input_plane * self.windows.kernel[0] * self.windows.kernel[1]

    def _as_windows(self, columns: Array, y: Array) -> Array:
        """``columns`` as (samples, n_input_plane, *kernel, *places), a view."""
        shaped = columns.reshape(*y.shape[2:], self.n_input_plane, *self.windows.kernel, len(y))
        return shaped.transpose(5, 2, 3, 4, 0, 1)

    def _blocks(self, x: Array, y: Array) -> Iterator[slice]:
        """The samples in blocks whose windows fit the buffer."""
        return evenly(range(len(x)), fitting(y.shape[2] * y.shape[3], self._taps() * x.itemsize))

    def update_output(self, x: Array) -> Array:
        samples = self._samples(x)
        y = self._output(x, samples)
        for block in self._blocks(samples, y):
            part = self._by_places(y[block], "part")
            np.matmul(self._kernels(self.weight), self._unfolded(samples[block], y[block]), out=part)
            y[block] = part.T.reshape(y[block].shape)
        assert self.bias is not None
        np.add(y, self.bias, out=y)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self._samples(x)
        dx, dy = self._batch(self.grad_input_of(x)), self._batch(dy)
        for block in self._blocks(dx, dy):
            part = self._turned(dy[block])
            columns = self.buffer("columns", (len(part), self._taps(), part.shape[2]), like=dx)
            np.matmul(self._kernels(self.weight).swapaxes(1, 2), part, out=columns)
            fold(self._as_windows(columns, dy[block]), self.windows, dx[block])
        return self.grad_input

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        samples, dy = self._samples(x), self._batch(dy)
        dW = self.buffer("dW", self._kernels(self.weight).shape, like=self.weight)
        for block in self._blocks(samples, dy):
            columns = self._unfolded(samples[block], dy[block])
            np.matmul(self._turned(dy[block]), columns.swapaxes(1, 2), out=dW)
            add_scaled(self._kernels(self.grad_weight), dW, scale)
        db = self.buffer("db", self.grad_bias.shape, like=self.grad_bias)
        np.sum(dy, axis=0, out=db)
        add_scaled(self.grad_bias, db, scale)

    def _turned(self, dy: Array) -> Array:
        """dy as (places, n_output_plane, samples), copied."""
        part = self._by_places(dy, "part")
        np.copyto(part, dy.reshape(len(dy), self.n_output_plane, -1).T)
        return part

    def label(self) -> str:
        return super().label().replace(", ", f", {self.sizes[1]}x{self.sizes[0]}, ", 1)
