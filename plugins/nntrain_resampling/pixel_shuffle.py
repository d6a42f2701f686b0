"""y[c, i r + a, j r + b] = x[c r² + a r + b, i, j]."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.nn.bases.sample_module import SampleModule

__all__ = ["PixelShuffle"]


class PixelShuffle(SampleModule):
    """y[c, i r + a, j r + b] = x[c r² + a r + b, i, j], r = upscale_factor;  dx takes dy back the same way.

    Every r² planes become one that is r times as high and as wide.

    Shapes:
        x (C r², h, w) or (N, C r², h, w) → y (C, r h, r w) or (N, C, r h, r w)
    Errors: ShapeError unless the number of planes is a multiple of r²; ArgumentError unless r is at least 1.
    Source: torch/nn, PixelShuffle.lua; Shi et al., "Real-Time Single Image and Video Super-Resolution", 2016.
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = self.require_integer("upscale_factor", upscale_factor)

    def update_output(self, x: Array) -> Array:
        x, r = self.require_samples(x), self.upscale_factor
        planes, h, w = x.shape[-3:]
        if planes % r**2:
            raise self.shape_error(f"an input whose number of planes is a multiple of {r**2}", x)
        y = self.output_of((*x.shape[:-3], planes // r**2, h * r, w * r), like=x)
        self._view_output(y)[...] = self._view_input(x)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        self._view_input(dx)[...] = self._view_output(dy)
        return dx

    def _view_output(self, y: Array) -> Array:
        """y seen as (N, C, h, r, w, r)."""
        r = self.upscale_factor
        planes, h, w = y.shape[-3:]
        return y.reshape(-1, planes, h // r, r, w // r, r)

    def _view_input(self, x: Array) -> Array:
        """The planes of x seen as (N, C, h, r, w, r)."""
        r = self.upscale_factor
        planes, h, w = x.shape[-3:]
        return x.reshape(-1, planes // r**2, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
