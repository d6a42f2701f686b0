"""y = b + W ⋆ x, over any number of axes."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.nn.parameter import add_scaled
from nntrain_convolution.convolving import Convolving
from nntrain_convolution.correlation import adjoint, correlate, kernel_gradient

__all__ = ["Convolution"]


class Convolution(Convolving):
    """y[o, i] = b[o] + Σ W[o, c, u] x[c, i · stride + u · dilation − padding], the kernel not flipped.

    A subclass that stores its weight in another form says so in ``_kernels`` and ``_accumulate``.
    """

    def _kernels(self) -> Array:
        """The weight as (groups, output planes, input planes of a group, *kernel)."""
        shape = self._weight_shape()
        if self.weight.shape != shape:
            # Files of old versions hold one row for each output plane.
            self.weight, self.grad_weight = self.weight.reshape(shape), self.grad_weight.reshape(shape)
        return self.weight[None]

    def _accumulate(self, dW: Array, scale: float) -> None:
        """grad_weight ← grad_weight + scale dW, dW in the form of ``_kernels`` and free to be overwritten."""
        add_scaled(self.grad_weight, dW[0], scale)

    def update_output(self, x: Array) -> Array:
        samples = self._samples(x)
        y = self._output(x, samples)
        correlate(samples, self._kernels(), self._plane_bias(), self.windows, y, self.buffer)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self._samples(x)
        dx = self.grad_input_of(x)
        adjoint(self._batch(dy), self._kernels(), None, self.windows, self._batch(dx), self.buffer)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        samples, dy = self._samples(x), self._batch(dy)
        self._accumulate(kernel_gradient(samples, dy, self._kernels(), self.windows, self.buffer), scale)
        self._accumulate_bias(dy, scale)
