"""y = max over windows that part an image evenly."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.compute.array import Array, IntArray, Shape
from nntrain_pooling.even_windows import even_starts, even_stops
from nntrain_pooling.gathered_maximum import GatheredMaximum

__all__ = ["SpatialAdaptiveMaxPooling"]


class SpatialAdaptiveMaxPooling(GatheredMaximum):
    """y[i, j] = max of x over the rows ⌊i h / out_h⌋ to ⌈(i + 1) h / out_h⌉ − 1 and the columns likewise.

    dx is dy, added up where y came from. The first of equal elements wins, row by row; ``indices`` are their
    positions y w + x.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w), also larger than x
    Errors: ArgumentError for sizes below 1.
    Source: torch/nn, SpatialAdaptiveMaxPooling.lua, whose windows are one too wide for some sizes.
    """

    def __init__(self, out_w: int, out_h: int) -> None:
        self.size = (self.require_integer("out_h", out_h), self.require_integer("out_w", out_w))

    def checked(self, x: Array) -> Array:
        return self.require_samples(x, minimum={"h": 1, "w": 1})

    def counts(self, x: Array) -> Shape:
        return self.size

    def starts(self) -> Sequence[IntArray]:
        return [even_starts(size, count)[None] for size, count in zip(self.input_size, self.size, strict=True)]

    def stops(self) -> Sequence[IntArray]:
        return [even_stops(size, count)[None] for size, count in zip(self.input_size, self.size, strict=True)]
