"""y = x − log Σ exp x at every position of an image."""

from nntrain_activation.log_soft_max import LogSoftMax


class SpatialLogSoftMax(LogSoftMax):
    """y = x − m − log Σ exp(x − m), m = max x;  dx = dy − exp(y) Σ dy, at every position of an image.

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, SpatialLogSoftMax.lua. An alias of LogSoftMax for older networks.
    """
