"""y = mean over windows that divide an image evenly."""

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.nn.bases.separable_map import SeparableMap, iterate_row_blocks
from nntrain_pooling.adaptive_windows import compute_window_starts, compute_window_stops


class SpatialAdaptiveAveragePooling(SeparableMap):
    """y[i, j] = mean of x over the rows ⌊i h / out_h⌋ to ⌈(i + 1) h / out_h⌉ − 1, the same for columns.

    dx is dy, distributed evenly over the window.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w), also larger than x
    Errors: ArgumentError for sizes below 1.
    Source: torch/nn, SpatialAdaptiveAveragePooling.lua.
    """

    def __init__(self, out_w: int, out_h: int) -> None:
        self.size = (self.require_integer("out_h", out_h), self.require_integer("out_w", out_w))

    def get_output_sizes(self, x: Array) -> Shape:
        return self.size

    def fill_matrix(self, out: Array) -> None:
        count, size = out.shape
        starts, stops = compute_window_starts(size, count)[:, None], compute_window_stops(size, count)[:, None]
        places = np.arange(size)
        for rows in iterate_row_blocks(out):
            inside = (starts[rows] <= places) & (places < stops[rows])
            out[rows] = inside / (stops[rows] - starts[rows])
