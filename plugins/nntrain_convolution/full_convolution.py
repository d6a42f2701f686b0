"""y = b + Wᵀ ⋆ x, the transposed map of a convolution, over any number of axes."""

from __future__ import annotations

from nntrain.compute.array import Array, Shape, Value, is_array
from nntrain.compute.windows import Windows
from nntrain.nn.parameter import add_scaled
from nntrain.nn.table import is_table
from nntrain_convolution.convolving import Convolving, in_order, spelled
from nntrain_convolution.correlation import adjoint, correlate, kernel_gradient

__all__ = ["FullConvolution"]


class FullConvolution(Convolving):
    """y[o, i · stride + u · dilation − padding] += W[c, o, u] x[c, i], from y = b: every value of x paints a kernel.

    It is what update_grad_input is for the convolution of y with W, so forward and dx change places with those of
    ``Convolution``. ``adj`` more places at the end of each axis of y choose among the sizes that give one x.
    """

    adj: Shape

    def _make_full(self, n_input_plane: int, n_output_plane: int, windows: Windows, adj: Shape, bias: bool) -> None:
        """``_make``, with ``adj``. ArgumentError unless 0 ≤ adj < stride."""
        if any(not 0 <= a < max(d, 1) for a, d in zip(adj, windows.stride, strict=True)):
            stride = spelled(in_order(windows.stride))
            raise self.argument_error(f"expected adj below the strides {stride}, got {spelled(in_order(adj))}")
        self.adj = self._adj = adj
        self._make(n_input_plane, n_output_plane, windows, bias)

    def _weight_shape(self) -> Shape:
        return (self.n_input_plane, self.n_output_plane, *self.windows.kernel)

    def _kernels(self) -> Array:
        """The weight as (1 group, n_input_plane, n_output_plane, *kernel)."""
        return self.weight[None]

    def _accumulate(self, dW: Array, scale: float) -> None:
        """grad_weight ← grad_weight + scale dW, dW in the form of ``_kernels`` and free to be overwritten."""
        add_scaled(self.grad_weight, dW[0], scale)

    def _counts(self, sizes: Shape) -> Shape:
        return tuple(n + a for n, a in zip(self.windows.get_covered_sizes(sizes), self._adj, strict=True))

    def _least(self) -> Shape:
        missing = zip(self._counts((1,) * len(self.axes)), self.windows.stride, strict=True)
        return tuple(1 + max(-((n - 1) // d), 0) for n, d in missing)

    def _source(self, x: Value) -> Array:
        """The array that is convolved: x, or of [x, target] the first, and ``_adj`` such that y has target's sizes."""
        self._adj = self.adj
        if not is_table(x):
            return self._samples(x)
        axes = len(self.axes)
        if len(x) != 2 or not is_array(x[1]) or x[1].ndim < axes:
            raise self.shape_error(f"{self._wanted()}, or a table of it and an array of the sizes wanted", x)
        least = self.windows.get_covered_sizes((1,) * axes)
        rows = zip(x[1].shape[-axes:], least, self.windows.stride, strict=True)
        self._adj = tuple((n - m) % d for n, m, d in rows)
        return self._samples(x[0])

    def update_output(self, x: Value) -> Array:
        samples = self._source(x)
        y = self._output(x[0] if is_table(x) else x, samples)
        adjoint(samples, self._kernels(), self._plane_bias(), self.windows, y, self.buffer)
        return self.output

    def update_grad_input(self, x: Value, dy: Array) -> Value:
        self._source(x)
        if not is_table(x):
            return self._source_gradient(x, dy)
        zeros = self.buffer("grad_target", x[1].shape, like=x[1])
        zeros[...] = 0
        self.grad_input = [self._source_gradient(x[0], dy), zeros]
        return self.grad_input

    def _source_gradient(self, x: Array, dy: Array) -> Array:
        """dx for the array that is convolved."""
        dx = self.grad_input_of(x)
        correlate(self._batch(dy), self._kernels(), None, self.windows, self._batch(dx), self.buffer)
        return dx

    def acc_grad_parameters(self, x: Value, dy: Array, scale: float = 1) -> None:
        samples, dy = self._source(x), self._batch(dy)
        self._accumulate(kernel_gradient(dy, samples, self._kernels(), self.windows, self.buffer), scale)
        self._accumulate_bias(dy, scale)

    def _shown(self) -> list[Shape]:
        return [*super()._shown(), self.adj] if any(self.adj) else super()._shown()
