"""y = max over every window of a volume, with dilation."""

from nntrain.compute.windows import format_sizes
from nntrain_pooling.volumetric_max_pooling import VolumetricMaxPooling


class VolumetricDilatedMaxPooling(VolumetricMaxPooling):
    """y[l, i, j] = max of x at kt × kh × kw taps from [l dt − pad_t, i dh − pad_h, j dw − pad_w], dilation apart.

    dx is dy, summed at the positions that y came from. Padding never wins; the first of equal elements does, in the
    order t, h, w.

    Shapes:
        x (C, t, h, w) or (N, C, t, h, w) → y (..., ⌊(t + 2 pad_t − dilation_t (kt − 1) − 1) / dt⌋ + 1, the same for h
        and w); ceil_mode rounds up, but with padding drops a window that would start after the volume
    The strides default to the kernel sizes.
    Errors: ShapeError if the volume is smaller than a window, or a window has no tap inside; ArgumentError for a
    padding of more than half the kernel.
    Source: torch/nn, VolumetricDilatedMaxPooling.lua, which loses taps of windows that start at −2 or before.
    """

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
        dilation_t: int = 1,
        dilation_w: int = 1,
        dilation_h: int = 1,
        ceil_mode: bool = False,
    ) -> None:
        padding, dilation = (pad_t, pad_h, pad_w), (dilation_t, dilation_h, dilation_w)
        self.init_windows((kt, kh, kw), (dt, dh, dw), padding, dilation, ceil_mode)

    def label(self) -> str:
        return f"{super().label()[:-1]}, {format_sizes(self.windows.dilation)})"
