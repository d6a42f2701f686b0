"""y = (Σ xᵖ)^(1/p) over every window of an image."""

from nntrain import nn
from nntrain.nn.containers.sequential import Sequential
from nntrain_pooling.spatial_average_pooling import SpatialAveragePooling


class SpatialLPPooling(Sequential):
    """y[i, j] = (Σ xᵖ)^(1/p) over every kh × kw window, p = pnorm: a Sequential of powers, means and a factor.

    No absolute value is taken: an odd or fractional p gives NaN where the sum is negative. For p = 2, the gradient at
    0 is 0. n_input_plane is ignored.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., (h − kh) // dh + 1, (w − kw) // dw + 1)
    dw and dh default to kw and kh.
    Errors: ShapeError if the image is smaller than the kernel.
    Source: torch/nn, SpatialLPPooling.lua.
    """

    mutable_arguments = ()
    inferred = {"n_input_plane": -3}

    def __init__(
        self, n_input_plane: int, pnorm: float, kw: int, kh: int, dw: int | None = None, dh: int | None = None
    ) -> None:
        if pnorm == 0:
            raise self.argument_error("expected a pnorm other than 0, got 0")
        power, root = nn.Square(), nn.Sqrt()
        if pnorm != 2:
            power, root = nn.Power(pnorm), nn.Power(1 / pnorm)
        mean = SpatialAveragePooling(kw, kh, kw if dw is None else dw, kh if dh is None else dh)
        super().__init__([power, mean, nn.MulConstant(kw * kh), root])

    def label(self) -> str:
        return "Sequential"
