"""y = b + W ⋆ x, plane by plane."""

from __future__ import annotations

from nntrain.compute.array import Array, Shape
from nntrain.nn.parameter import add_scaled
from nntrain_convolution.spatial_convolution import SpatialConvolution

__all__ = ["SpatialDepthWiseConvolution"]


class SpatialDepthWiseConvolution(SpatialConvolution):
    """y[c n_output_plane + o, i, j] = b[o, c] + Σ W[o, c, u, v] x[c, i dh + u − pad_h, j dw + v − pad_w].

    Every input plane c meets n_output_plane kernels of its own; no plane meets another.

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_input_plane n_output_plane, h', w'), or one sample without N;
        h' and w' as in SpatialConvolution. The planes of y go by input plane, the parameters by output plane:
        weight (n_output_plane, n_input_plane, kh, kw), bias (n_output_plane, n_input_plane), absent with bias=False
    pad_h is pad_w unless given. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or planes, and for an image smaller than the kernel.
    Source: torch/nn, SpatialDepthWiseConvolution.lua, which confuses height with width, and scrambles the second
    gradient where the numbers of planes are equal; nntrain does neither.
    """

    # A plane is fed by kh kw values, not by n_input_plane times as many.
    has_fan_init = False

    def _get_bias_shape(self) -> Shape:
        return (self.n_output_plane, self.n_input_plane)

    def _count_output_planes(self) -> int:
        return self.n_input_plane * self.n_output_plane

    def _get_kernels(self) -> Array:
        return view_by_input_plane(self.weight)

    def _accumulate_weight(self, dW: Array, scale: float) -> None:
        add_scaled(view_by_input_plane(self.grad_weight), dW, scale)

    def _view_by_planes(self, bias: Array) -> Array:
        return bias.T


def view_by_input_plane(weight: Array) -> Array:
    """A weight (O, C, *kernel) as C groups of O kernels over one plane each, a view."""
    return weight.swapaxes(0, 1)[:, :, None]
