"""y[i, j] = x[i // s, j // s]."""

from nntrain.compute.array import Array
from nntrain.nn.bases.sample_module import SampleModule
from nntrain_resampling.nearest import get_repeated_shape, repeat_blocks, sum_blocks


class SpatialUpSamplingNearest(SampleModule):
    """y[i, j] = x[i // s, j // s], s = scale_factor;  dx = the sum of every s × s block of dy.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., s h, s w)
    Errors: ArgumentError unless s is an integer of at least 1.
    Source: torch/nn, SpatialUpSamplingNearest.lua, which rejects 1.
    """

    def __init__(self, scale_factor: int) -> None:
        self.scale_factor = self.require_integer("scale_factor", scale_factor)

    def update_output(self, x: Array) -> Array:
        x = self.require_samples(x)
        y = self.output_of(get_repeated_shape(x, 2, self.scale_factor), like=x)
        repeat_blocks(x, 2, self.scale_factor, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        sum_blocks(dy, 2, self.scale_factor, out=dx)
        return dx
