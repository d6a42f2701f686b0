"""The base of layers that scale the sums of windows."""

from math import prod

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_pooling.sum_pooling import SumPooling


class SubSampling(SumPooling):
    """y = weight s + bias with the sum s of each window, channel by channel;  dweight = Σ dy s, dbias = Σ dy."""

    # The number of axes after the channels.
    inner: int

    def init_channels(self, channels: int) -> None:
        """Create a weight and a bias for each channel: U(−1/√n, 1/√n), n elements in a window."""
        self.weight, self.grad_weight = parameter(channels)
        self.bias, self.grad_bias = parameter(channels)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(prod(self.windows.kernel), stdv, self.weight, self.bias)

    def check_input(self, x: Array) -> Array:
        channels = self.sample_axes[-1 - self.inner]
        return self.require_samples(x, exact={channels: len(self.weight)}, minimum=self.get_min_sizes())

    def update_output(self, x: Array) -> Array:
        x = self.check_input(x)
        counts = self.count_windows(x)
        shape = (*x.shape[: -len(counts)], *counts)
        s = self.buffer("s", shape, like=x)
        self.sum_windows(x, out=s)
        y = self.output_of(shape, like=x)
        np.multiply(s, self._broadcast_channels(self.weight), out=y)
        np.add(y, self._broadcast_channels(self.bias), out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        ds = self.buffer("ds", dy.shape, like=self.output)
        np.multiply(dy, self._broadcast_channels(self.weight), out=ds)
        self.scatter_sums(ds, out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        product, s = (self.buffer(name, dy.shape, like=self.output) for name in ("ds", "s"))
        np.multiply(dy, s, out=product)
        self._add_sums(product, self.grad_weight, scale)
        self._add_sums(dy, self.grad_bias, scale)

    def _add_sums(self, term: Array, total: Array, scale: float) -> None:
        """total ← total + scale · the sum of ``term`` over all axes but that of the channels."""
        channels = term.ndim - 1 - self.inner
        row = self.buffer("row", total.shape, like=total)
        np.sum(term, axis=tuple(axis for axis in range(term.ndim) if axis != channels), out=row)
        add_scaled(total, row, scale)

    def _broadcast_channels(self, row: Array) -> Array:
        """One number per channel, to broadcast with x."""
        return row.reshape(-1, *(1,) * self.inner)

    def label(self) -> str:
        return type(self).__name__
