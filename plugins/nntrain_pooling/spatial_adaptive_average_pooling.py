"""y = mean over windows that part an image evenly."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.samples import Samples
from nntrain.nn.separable_map import SeparableMap, blocks_of_rows
from nntrain_pooling.even_windows import even_starts, even_stops

__all__ = ["SpatialAdaptiveAveragePooling"]


class SpatialAdaptiveAveragePooling(SeparableMap, Samples):
    """y[i, j] = mean of x over the rows ⌊i h / out_h⌋ to ⌈(i + 1) h / out_h⌉ − 1 and the columns likewise.

    dx is dy, spread evenly over the window.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w), also larger than x
    Errors: ArgumentError for sizes below 1.
    Source: torch/nn, SpatialAdaptiveAveragePooling.lua.
    """

    def __init__(self, out_w: int, out_h: int) -> None:
        self.size = (self.whole("out_h", out_h), self.whole("out_w", out_w))

    def checked(self, x: Array) -> Array:
        return self.samples(x, least={"h": 1, "w": 1})

    def sizes(self, x: Array) -> Shape:
        return self.size

    def matrix(self, out: Array) -> None:
        count, size = out.shape
        starts, stops = even_starts(size, count)[:, None], even_stops(size, count)[:, None]
        places = np.arange(size)
        for rows in blocks_of_rows(out):
            inside = (starts[rows] <= places) & (places < stops[rows])
            out[rows] = inside / (stops[rows] - starts[rows])
