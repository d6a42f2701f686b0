"""y = mean over every window of a volume."""

from nntrain_pooling.average_pooling import AveragePooling


class VolumetricAveragePooling(AveragePooling):
    """y[l, i, j] = mean of x over kt × kh × kw elements from [l dt, i dh, j dw];  dx is dy / n, added to the window.

    n = kt kh kw.

    Shapes:
        x (C, t, h, w) or (N, C, t, h, w) → y (..., (t − kt) // dt + 1, (h − kh) // dh + 1, (w − kw) // dw + 1)
    The strides default to the kernel sizes.
    Errors: ShapeError if the volume is smaller than the kernel.
    Source: torch/nn, VolumetricAveragePooling.lua.
    """

    sample_axes = ("C", "t", "h", "w")

    def __init__(
        self, kt: int, kw: int, kh: int, dt: int | None = None, dw: int | None = None, dh: int | None = None
    ) -> None:
        self.init_windows((kt, kh, kw), (dt, dh, dw))
