"""y[c, i r + a, j r + b] = x[c r² + a r + b, i, j]."""

from nntrain.compute.array import Array
from nntrain.nn.bases.sample_module import SampleModule


class PixelShuffle(SampleModule):
    """y[c, i r + a, j r + b] = x[c r² + a r + b, i, j], r = upscale_factor;  dx is dy rearranged back.

    Every r² channels become one with r times the height and width.

    Shapes:
        x (C r², h, w) or (N, C r², h, w) → y (C, r h, r w) or (N, C, r h, r w)
    Errors: ShapeError unless the number of channels is a multiple of r²; ArgumentError unless r is at least 1.
    Source: torch/nn, PixelShuffle.lua; Shi et al., "Real-Time Single Image and Video Super-Resolution", 2016.
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = self.require_integer("upscale_factor", upscale_factor)

    def update_output(self, x: Array) -> Array:
        x, r = self.require_samples(x), self.upscale_factor
        channels, h, w = x.shape[-3:]
        if channels % r**2:
            raise self.shape_error(f"an input whose number of channels is a multiple of {r**2}", x)
        y = self.output_of((*x.shape[:-3], channels // r**2, h * r, w * r), like=x)
        self._view_output(y)[...] = self._view_input(x)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        self._view_input(dx)[...] = self._view_output(dy)
        return dx

    def _view_output(self, y: Array) -> Array:
        """y as (N, C, h, r, w, r), a view."""
        r = self.upscale_factor
        channels, h, w = y.shape[-3:]
        return y.reshape(-1, channels, h // r, r, w // r, r)

    def _view_input(self, x: Array) -> Array:
        """x as (N, C, h, r, w, r), a view."""
        r = self.upscale_factor
        channels, h, w = x.shape[-3:]
        return x.reshape(-1, channels // r**2, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
