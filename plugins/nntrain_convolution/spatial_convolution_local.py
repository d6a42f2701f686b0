"""y = b + W ⋆ x, with a separate kernel for every position."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.matmul import multiply
from nntrain.compute.windows import Windows, fold, unfold
from nntrain.nn.parameter import add_scaled
from nntrain_convolution.convolution_base import ConvolutionBase
from nntrain_convolution.im2col_layout import count_fitting, split_evenly


class SpatialConvolutionLocal(ConvolutionBase):
    """y[o, i, j] = b[o, i, j] + Σ W[i, j, o, c, u, v] x[c, i dh + u − pad_h, j dw + v − pad_w], without sharing.

    dx adds W[i, j, o] dy[o, i, j] to the window at (i, j);  dW[i, j, o] = Σ dy[o, i, j] · window;  db = Σ dy.

    Shapes:
        x (N, n_input_plane, ih, iw) → y (N, n_output_plane, oh, ow), or one sample without N;
        oh = ⌊(ih + 2 pad_h − kh) / dh⌋ + 1, the same for ow; x is 0 outside
        weight (oh, ow, n_output_plane, n_input_plane, kh, kw), bias (n_output_plane, oh, ow)
    pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another image size or number of channels; ArgumentError for an image smaller than the
    kernel.
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
        self._init_convolution(n_input_plane, n_output_plane, windows, bias=True)

    def _get_weight_shape(self) -> Shape:
        return (*self._count_windows(self.sizes), self.n_output_plane, self.n_input_plane, *self.windows.kernel)

    def _get_bias_shape(self) -> Shape:
        return (self.n_output_plane, *self._count_windows(self.sizes))

    def _describe_expected(self) -> str:
        return f"an input of shape (N, {self.n_input_plane}, {self.sizes[0]}, {self.sizes[1]})"

    def _to_samples(self, x: Array) -> Array:
        self.require(x, 3, 4, axis=-2, size=self.sizes[0], expected=self._describe_expected())
        self.require(x, 3, 4, axis=-1, size=self.sizes[1], expected=self._describe_expected())
        return super()._to_samples(x)

    # Below, a batch is (positions, channels or taps, samples): one product for each position.

    def _view_kernels(self, weight: Array) -> Array:
        """A weight as (positions, n_output_plane, taps), a view."""
        return weight.reshape(weight.shape[0] * weight.shape[1], self.n_output_plane, -1)

    def _get_position_buffer(self, y: Array, name: str) -> Array:
        """Memory for y or dy as (positions, n_output_plane, samples)."""
        return self.buffer(name, (y.shape[2] * y.shape[3], y.shape[1], len(y)), like=y)

    def _unfold(self, x: Array, y: Array) -> Array:
        """The windows of x as (positions, taps, samples)."""
        columns = self.buffer("columns", (y.shape[2] * y.shape[3], self._count_taps(), len(x)), like=x)
        unfold(x, self.windows, self._view_as_windows(columns, y))
        return columns

    def _count_taps(self) -> int:
        """The number of elements of x for one element of y."""
        return self.n_input_plane * self.windows.kernel[0] * self.windows.kernel[1]

    def _view_as_windows(self, columns: Array, y: Array) -> Array:
        """``columns`` as (samples, n_input_plane, *kernel, *positions), a view."""
        shaped = columns.reshape(*y.shape[2:], self.n_input_plane, *self.windows.kernel, len(y))
        return shaped.transpose(5, 2, 3, 4, 0, 1)

    def _split_blocks(self, x: Array, y: Array) -> Iterator[slice]:
        """The samples in blocks whose windows fit the buffer."""
        return split_evenly(range(len(x)), count_fitting(y.shape[2] * y.shape[3], self._count_taps() * x.itemsize))

    def update_output(self, x: Array) -> Array:
        samples = self._to_samples(x)
        y = self._size_output(x, samples)
        for block in self._split_blocks(samples, y):
            part = self._get_position_buffer(y[block], "part")
            multiply(self._view_kernels(self.weight), self._unfold(samples[block], y[block]), part)
            y[block] = part.T.reshape(y[block].shape)
        assert self.bias is not None
        np.add(y, self.bias, out=y)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self._to_samples(x)
        dx, dy = self._to_batch(self.grad_input_of(x)), self._to_batch(dy)
        for block in self._split_blocks(dx, dy):
            part = self._to_positions(dy[block])
            columns = self.buffer("columns", (len(part), self._count_taps(), part.shape[2]), like=dx)
            multiply(self._view_kernels(self.weight).swapaxes(1, 2), part, columns)
            fold(self._view_as_windows(columns, dy[block]), self.windows, dx[block])
        return self.grad_input

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        samples, dy = self._to_samples(x), self._to_batch(dy)
        dW = self.buffer("dW", self._view_kernels(self.weight).shape, like=self.weight)
        for block in self._split_blocks(samples, dy):
            columns = self._unfold(samples[block], dy[block])
            multiply(self._to_positions(dy[block]), columns.swapaxes(1, 2), dW)
            add_scaled(self._view_kernels(self.grad_weight), dW, scale)
        self.accumulate("bias", scale, lambda db: np.sum(dy, axis=0, out=db))

    def _to_positions(self, dy: Array) -> Array:
        """dy as (positions, n_output_plane, samples), copied."""
        part = self._get_position_buffer(dy, "part")
        np.copyto(part, dy.reshape(len(dy), self.n_output_plane, -1).T)
        return part

    def label(self) -> str:
        return super().label().replace(", ", f", {self.sizes[1]}x{self.sizes[0]}, ", 1)
