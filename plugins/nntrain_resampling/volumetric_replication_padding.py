"""y = x with its faces repeated around it."""

import numpy as np

from nntrain.compute.array import IntArray
from nntrain_resampling.border_padding import BorderPadding


class VolumetricReplicationPadding(BorderPadding):
    """y[k, i, j] = the element of x nearest to [k − front, i − top, j − left];  dx = the sum of dy over the copies.

    A negative amount crops; each amount defaults to pad_left.

    Shapes:
        x (C, t, h, w) or (N, C, t, h, w) → y (..., t + front + back, h + top + bottom, w + left + right)
    Errors: ShapeError if cropping leaves nothing of x.
    Source: torch/nn, VolumetricReplicationPadding.lua.
    """

    sample_axes = ("C", "t", "h", "w")

    def __init__(
        self,
        pad_left: int,
        pad_right: int | None = None,
        pad_top: int | None = None,
        pad_bottom: int | None = None,
        pad_front: int | None = None,
        pad_back: int | None = None,
    ) -> None:
        given = (pad_left, pad_right, pad_top, pad_bottom, pad_front, pad_back)
        left, right, top, bottom, front, back = (pad_left if pad is None else pad for pad in given)
        self.amounts = ((front, back), (top, bottom), (left, right))

    def map_positions(self, position: IntArray, size: int) -> IntArray:
        return np.clip(position, 0, size - 1)

    def label(self) -> str:
        names = ("front", "back", "top", "bottom", "left", "right")
        amounts = dict(zip(names, sum(self.amounts, ()), strict=True))
        shown = ", ".join(f"{name}={amounts[name]}" for name in ("left", "right", "top", "bottom", "front", "back"))
        return f"VolumetricReplicationPadding({shown})"
