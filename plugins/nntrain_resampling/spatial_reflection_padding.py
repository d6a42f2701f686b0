"""y = x with its mirror image around it."""

import numpy as np

from nntrain.compute.array import IntArray
from nntrain_resampling.spatial_padding import SpatialPadding


class SpatialReflectionPadding(SpatialPadding):
    """y[i, j] = x[m(i − top), m(j − left)], m(p) = |p|, but 2 (size − 1) − p beyond the end;  dx[m] += dy.

    The edge itself is not repeated. A negative amount crops y after mirroring; each amount defaults to pad_left.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., h + top + bottom, w + left + right)
    Errors: ShapeError if cropping leaves nothing of x, or an amount is not smaller than its axis.
    Source: torch/nn, SpatialReflectionPadding.lua, which does not check the amounts.
    """

    def get_min_size(self, before: int, after: int) -> int:
        return max(super().get_min_size(before, after), before + 1, after + 1)

    def map_positions(self, position: IntArray, size: int) -> IntArray:
        return size - 1 - np.abs(size - 1 - np.abs(position))
