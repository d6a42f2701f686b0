"""y = b + W ⋆ x, the weight stored as a matrix."""

import math

from nntrain.compute.array import Array, Shape
from nntrain_convolution.spatial_convolution import SpatialConvolution


class SpatialConvolutionMM(SpatialConvolution):
    """y[o, i, j] = b[o] + Σ W[o, (c, u, v)] x[c, i dh + u − pad_h, j dw + v − pad_w], a kernel in each row of W.

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_output_plane, h', w'), or one sample without N, as SpatialConvolution
        weight (n_output_plane, n_input_plane kh kw), bias (n_output_plane,), absent with bias=False
    pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for an image smaller than the kernel.
    Source: torch/nn, SpatialConvolutionMM.lua.
    """

    has_fan_init = False

    def _get_weight_shape(self) -> Shape:
        return (self.n_output_plane, self.n_input_plane * math.prod(self.windows.kernel))

    def _view_kernels(self, weight: Array) -> Array:
        return weight.reshape(1, self.n_output_plane, self.n_input_plane, *self.windows.kernel)
