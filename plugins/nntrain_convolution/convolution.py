"""y = b + W ⋆ x, over any number of axes."""

from nntrain.compute.array import Array
from nntrain_convolution.convolution_base import ConvolutionBase
from nntrain_convolution.correlation import correlate, correlate_adjoint, correlate_kernel_gradient


class Convolution(ConvolutionBase):
    """y[o, i] = b[o] + Σ W[o, c, u] x[c, i · stride + u · dilation − padding], the kernel not flipped.

    A subclass that stores its weight in another form overrides ``_view_kernels``.
    """

    def _get_kernels(self) -> Array:
        shape = self._get_weight_shape()
        if self.weight.shape != shape:
            # Old files store one row for each output channel.
            self.weight, self.grad_weight = self.weight.reshape(shape), self.grad_weight.reshape(shape)
        return super()._get_kernels()

    def update_output(self, x: Array) -> Array:
        samples = self._to_samples(x)
        y = self._size_output(x, samples)
        correlate(samples, self._get_kernels(), self._get_channel_bias(), self.windows, y, self.buffer)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self._to_samples(x)
        dx = self.grad_input_of(x)
        correlate_adjoint(self._to_batch(dy), self._get_kernels(), None, self.windows, self._to_batch(dx), self.buffer)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        samples, dy = self._to_samples(x), self._to_batch(dy)
        dW = correlate_kernel_gradient(samples, dy, self._get_kernels(), self.windows, self.buffer)
        self._accumulate_weight(dW, scale)
        self._accumulate_bias(dy, scale)
