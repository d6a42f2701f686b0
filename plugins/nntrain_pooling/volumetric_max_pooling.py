"""y = max over every window of a volume."""

from nntrain_pooling.max_pooling import MaxPooling


class VolumetricMaxPooling(MaxPooling):
    """y[l, i, j] = max of x over kt × kh × kw elements from [l dt − pad_t, i dh − pad_h, j dw − pad_w].

    dx is dy, summed at the positions that y came from. Padding never wins; the first of equal elements does, in the
    order t, h, w. ``indices`` are their positions (t h + y) w + x.

    Shapes:
        x (C, t, h, w) or (N, C, t, h, w) → y (..., ⌊(t + 2 pad_t − kt) / dt⌋ + 1, the same for h and w); ceil_mode
        rounds up, but with padding drops a window that would start after the volume
    The strides default to the kernel sizes.
    Errors: ShapeError if the volume is smaller than the kernel, or a window is outside of it; ArgumentError for a
    padding of more than half the kernel.
    Source: torch/nn, VolumetricMaxPooling.lua.
    """

    sample_axes = ("C", "t", "h", "w")

    def __init__(
        self,
        kt: int,
        kw: int,
        kh: int,
        dt: int | None = None,
        dw: int | None = None,
        dh: int | None = None,
        pad_t: int = 0,
        pad_w: int = 0,
        pad_h: int = 0,
        ceil_mode: bool = False,
    ) -> None:
        self.init_windows((kt, kh, kw), (dt, dh, dw), (pad_t, pad_h, pad_w), ceil_mode=ceil_mode)
