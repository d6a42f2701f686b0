"""y = b + W ⋆ x, channel by channel."""

from nntrain.compute.array import Array, Shape
from nntrain_convolution.spatial_convolution import SpatialConvolution


class SpatialDepthWiseConvolution(SpatialConvolution):
    """y[c n_output_plane + o, i, j] = b[o, c] + Σ W[o, c, u, v] x[c, i dh + u − pad_h, j dw + v − pad_w].

    Every input channel c has n_output_plane kernels of its own.

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_input_plane n_output_plane, h', w'), or one sample without N;
        h' and w' as in SpatialConvolution. The channels of y are ordered by input channel, the parameters by output:
        weight (n_output_plane, n_input_plane, kh, kw), bias (n_output_plane, n_input_plane), absent with bias=False
    pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for an image smaller than the kernel.
    Source: torch/nn, SpatialDepthWiseConvolution.lua, which confuses height with width, and scrambles the second
    gradient where the numbers of channels are equal.
    """

    # The fan-in of a channel is kh kw, not n_input_plane kh kw.
    has_fan_init = False

    def _get_bias_shape(self) -> Shape:
        return (self.n_output_plane, self.n_input_plane)

    def _count_output_channels(self) -> int:
        return self.n_input_plane * self.n_output_plane

    def _view_kernels(self, weight: Array) -> Array:
        # As many groups as input channels, each of n_output_plane kernels over one channel.
        return weight.swapaxes(0, 1)[:, :, None]

    def _view_by_channels(self, bias: Array) -> Array:
        return bias.T
