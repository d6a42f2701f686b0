"""y = x at another size, interpolated along both axes."""

from nntrain_resampling.interpolation import Interpolation


class SpatialUpSamplingBilinear(Interpolation):
    """y[o] = (1 − f) x[i] + f x[i + 1], i + f = o (inputs − 1) / (outputs − 1), along both axes;  dx = Mᵀ dy.

    M is the matrix of the map. The corners of x and y are aligned. Positions are computed in double precision.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., scale_factor h, scale_factor w), or (..., out_h, out_w)
    Errors: ArgumentError unless either scale_factor or both out_h and out_w are given, all at least 1.
    Source: torch/nn, SpatialUpSamplingBilinear.lua, whose argument for out_h and out_w is a table.
    """

    def __init__(self, scale_factor: int | None = None, out_h: int | None = None, out_w: int | None = None) -> None:
        self.init_sizes(scale_factor, out_h, out_w)

    def label(self) -> str:
        size = f"{self.out_h}, {self.out_w}" if self.scale_factor is None else self.scale_factor
        return f"SpatialUpSamplingBilinear({size})"
