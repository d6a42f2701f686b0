"""y = max over every window of an image, with dilation."""

from nntrain.compute.windows import format_sizes
from nntrain_pooling.spatial_max_pooling import SpatialMaxPooling


class SpatialDilatedMaxPooling(SpatialMaxPooling):
    """y[i, j] = max x[i dh − pad_h + u dilation_h, j dw − pad_w + v dilation_w] over u < kh, v < kw.

    dx is dy, summed at the positions that y came from. Padding never wins; the first of equal elements does, in
    row-major order.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., ⌊(h + 2 pad_h − dilation_h (kh − 1) − 1) / dh⌋ + 1, the same for w);
        ceil_mode rounds up, but with padding drops a window that would start after the image
    dw and dh default to kw and kh.
    Errors: ShapeError if the image is smaller than a window, or a window has no tap inside; ArgumentError for a
    padding of more than half the kernel.
    Source: torch/nn, SpatialDilatedMaxPooling.lua.
    """

    def __init__(
        self,
        kw: int,
        kh: int,
        dw: int | None = None,
        dh: int | None = None,
        pad_w: int = 0,
        pad_h: int = 0,
        dilation_w: int = 1,
        dilation_h: int = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.init_windows((kh, kw), (dh, dw), (pad_h, pad_w), (dilation_h, dilation_w), ceil_mode)

    def label(self) -> str:
        return f"{super().label()[:-1]}, {format_sizes(self.windows.dilation)})"
