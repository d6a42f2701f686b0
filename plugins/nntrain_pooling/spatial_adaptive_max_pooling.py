"""y = max over windows that divide an image evenly."""

from collections.abc import Sequence

from nntrain.compute.array import Array, IntArray, Shape
from nntrain_pooling.adaptive_windows import compute_window_starts, compute_window_stops
from nntrain_pooling.gather_max_pooling import GatherMaxPooling


class SpatialAdaptiveMaxPooling(GatherMaxPooling):
    """y[i, j] = max of x over the rows ⌊i h / out_h⌋ to ⌈(i + 1) h / out_h⌉ − 1, the same for columns.

    dx is dy, summed at the positions that y came from. The first of equal elements wins, in row-major order;
    ``indices`` are their positions y w + x.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w), also larger than x
    Errors: ArgumentError for sizes below 1.
    Source: torch/nn, SpatialAdaptiveMaxPooling.lua, whose windows are one element too wide for some sizes.
    """

    def __init__(self, out_w: int, out_h: int) -> None:
        self.size = (self.require_integer("out_h", out_h), self.require_integer("out_w", out_w))

    def check_input(self, x: Array) -> Array:
        return self.require_samples(x, minimum={"h": 1, "w": 1})

    def count_windows(self, x: Array) -> Shape:
        return self.size

    def get_starts(self) -> Sequence[IntArray]:
        pairs = zip(self.input_size, self.size, strict=True)
        return [compute_window_starts(size, count)[None] for size, count in pairs]

    def get_stops(self) -> Sequence[IntArray]:
        return [compute_window_stops(size, count)[None] for size, count in zip(self.input_size, self.size, strict=True)]
