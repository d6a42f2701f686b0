"""y = x with its edge repeated around it."""

import numpy as np

from nntrain.compute.array import IntArray
from nntrain_resampling.spatial_padding import SpatialPadding


class SpatialReplicationPadding(SpatialPadding):
    """y[i, j] = the element of x nearest to [i − top, j − left];  dx = the sum of dy over the copies.

    A negative amount crops; each amount defaults to pad_left.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., h + top + bottom, w + left + right)
    Errors: ShapeError if cropping leaves nothing of x.
    Source: torch/nn, SpatialReplicationPadding.lua.
    """

    def map_positions(self, position: IntArray, size: int) -> IntArray:
        return np.clip(position, 0, size - 1)
