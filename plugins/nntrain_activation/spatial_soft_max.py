"""y = exp x / Σ exp x at every position of an image."""

from nntrain_activation.soft_max import SoftMax


class SpatialSoftMax(SoftMax):
    """y = exp(x − m) / Σ exp(x − m), m = max x;  dx = y (dy − Σ dy y), at every position of an image.

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, SpatialSoftMax.lua. An alias of SoftMax for older networks.
    """
