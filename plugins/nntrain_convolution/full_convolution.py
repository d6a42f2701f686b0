"""y = b + Wᵀ ⋆ x, the transposed map of a convolution, over any number of axes."""

from nntrain.compute.array import Array, Shape, Value, is_array, is_table
from nntrain.compute.windows import Windows, format_sizes
from nntrain_convolution.convolution_base import ConvolutionBase
from nntrain_convolution.correlation import correlate, correlate_adjoint, correlate_kernel_gradient


class FullConvolution(ConvolutionBase):
    """y[o, i · stride + u · dilation − padding] += W[c, o, u] x[c, i], from y = b: every value of x adds a kernel.

    The forward pass is dx of the convolution of y with W, and dx its forward pass. ``adj`` adds positions at the end of
    each axis of y, to choose among the sizes of y that have the same size of x.
    """

    adj: Shape

    def _init_full(self, n_input_plane: int, n_output_plane: int, windows: Windows, adj: Shape, bias: bool) -> None:
        """``_init_convolution`` with ``adj``. ArgumentError unless 0 ≤ adj < stride."""
        if any(not 0 <= a < max(d, 1) for a, d in zip(adj, windows.stride, strict=True)):
            stride = format_sizes(windows.stride)
            raise self.argument_error(f"expected adj below the strides {stride}, got {format_sizes(adj)}")
        self.adj = self._adj = adj
        self._init_convolution(n_input_plane, n_output_plane, windows, bias)

    def _get_weight_shape(self) -> Shape:
        return (self.n_input_plane, self.n_output_plane, *self.windows.kernel)

    def _count_windows(self, sizes: Shape) -> Shape:
        return tuple(n + a for n, a in zip(self.windows.get_covered_sizes(sizes), self._adj, strict=True))

    def _get_min_sizes(self) -> Shape:
        missing = zip(self._count_windows((1,) * len(self.axes)), self.windows.stride, strict=True)
        return tuple(1 + max(-((n - 1) // d), 0) for n, d in missing)

    def _get_source(self, x: Value) -> Array:
        """The array that is convolved: x, or the first of [x, target], which sets ``_adj`` to give target's sizes."""
        self._adj = self.adj
        if not is_table(x):
            return self._to_samples(x)
        axes = len(self.axes)
        if len(x) != 2 or not is_array(x[1]) or x[1].ndim < axes:
            raise self.shape_error(f"{self._describe_expected()}, or a list of it and an array of the target size", x)
        least = self.windows.get_covered_sizes((1,) * axes)
        rows = zip(x[1].shape[-axes:], least, self.windows.stride, strict=True)
        self._adj = tuple((n - m) % d for n, m, d in rows)
        return self._to_samples(x[0])

    def update_output(self, x: Value) -> Array:
        samples = self._get_source(x)
        y = self._size_output(x[0] if is_table(x) else x, samples)
        correlate_adjoint(samples, self._get_kernels(), self._get_channel_bias(), self.windows, y, self.buffer)
        return self.output

    def update_grad_input(self, x: Value, dy: Array) -> Value:
        self._get_source(x)
        if not is_table(x):
            return self._compute_source_gradient(x, dy)
        zeros = self.buffer("grad_target", x[1].shape, like=x[1])
        zeros[...] = 0
        self.grad_input = [self._compute_source_gradient(x[0], dy), zeros]
        return self.grad_input

    def _compute_source_gradient(self, x: Array, dy: Array) -> Array:
        """dx of the array that is convolved."""
        dx = self.grad_input_of(x)
        correlate(self._to_batch(dy), self._get_kernels(), None, self.windows, self._to_batch(dx), self.buffer)
        return dx

    def acc_grad_parameters(self, x: Value, dy: Array, scale: float = 1) -> None:
        samples, dy = self._get_source(x), self._to_batch(dy)
        dW = correlate_kernel_gradient(dy, samples, self._get_kernels(), self.windows, self.buffer)
        self._accumulate_weight(dW, scale)
        self._accumulate_bias(dy, scale)

    def _get_label_parts(self) -> list[Shape]:
        return [*super()._get_label_parts(), self.adj] if any(self.adj) else super()._get_label_parts()
