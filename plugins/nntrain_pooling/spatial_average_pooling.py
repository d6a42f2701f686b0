"""y = mean over every window of an image."""

from nntrain_pooling.average_pooling import AveragePooling


class SpatialAveragePooling(AveragePooling):
    """y[i, j] = Σ x[i dh − pad_h + u, j dw − pad_w + v] / n over u < kh, v < kw;  dx is dy / n, added to the window.

    n is the number of elements of the window in the image and, with count_include_pad, in the padding.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., ⌊(h + 2 pad_h − kh) / dh⌋ + 1, the same for w); ceil_mode rounds up, but
        with padding drops a window that would start after the image
    The strides default to 1, not to the kernel sizes.
    Errors: ShapeError if the image is smaller than the kernel, or a window is outside of it; ArgumentError for a
    padding of more than half the kernel.
    Source: torch/nn, SpatialAveragePooling.lua.
    """

    def __init__(
        self,
        kw: int,
        kh: int,
        dw: int = 1,
        dh: int = 1,
        pad_w: int = 0,
        pad_h: int = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.init_windows((kh, kw), (dh, dw), (pad_h, pad_w), ceil_mode=ceil_mode)
        self.count_include_pad = count_include_pad
