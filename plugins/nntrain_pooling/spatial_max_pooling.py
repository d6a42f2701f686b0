"""y = max over every window of an image."""

from nntrain_pooling.max_pooling import MaxPooling


class SpatialMaxPooling(MaxPooling):
    """y[i, j] = max x[i dh − pad_h + u, j dw − pad_w + v] over u < kh, v < kw.

    dx is dy, summed at the positions that y came from. Padding never wins; the first of equal elements does, in
    row-major order. ``indices`` are their positions, row · w + column.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., ⌊(h + 2 pad_h − kh) / dh⌋ + 1, the same for w); ceil_mode rounds up, but
        with padding drops a window that would start after the image
    The strides dw and dh default to kw and kh.
    Errors: ShapeError if the image is smaller than the kernel, or a window is outside of it; ArgumentError for a
    padding of more than half the kernel.
    Source: torch/nn, SpatialMaxPooling.lua.
    """

    def __init__(
        self,
        kw: int,
        kh: int,
        dw: int | None = None,
        dh: int | None = None,
        pad_w: int = 0,
        pad_h: int = 0,
        ceil_mode: bool = False,
    ) -> None:
        self.init_windows((kh, kw), (dh, dw), (pad_h, pad_w), ceil_mode=ceil_mode)
