"""y = x with zeros around it."""

import numpy as np

from nntrain.compute.array import IntArray
from nntrain_resampling.spatial_padding import SpatialPadding


class SpatialZeroPadding(SpatialPadding):
    """y[i, j] = x[i − top, j − left], 0 outside of x;  dx = dy without the border.

    A negative amount crops; each amount defaults to pad_left.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., h + top + bottom, w + left + right)
    Errors: ShapeError if cropping leaves nothing of x.
    Source: torch/nn, SpatialZeroPadding.lua.
    """

    def map_positions(self, position: IntArray, size: int) -> IntArray:
        return np.where((position >= 0) & (position < size), position, -1)
