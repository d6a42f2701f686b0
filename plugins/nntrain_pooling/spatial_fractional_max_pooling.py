"""y = max over windows of an image whose starts are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.compute.array import Array
from nntrain_pooling.fractional_max_pooling import FractionalMaxPooling

__all__ = ["SpatialFractionalMaxPooling"]


class SpatialFractionalMaxPooling(FractionalMaxPooling):
    """y[i, j] = max of x over kh × kw elements from [s(i), s(j)] on;  dx is dy, added up where y came from.

    s(i) = ⌊(i + u) a⌋ − ⌊u a⌋, a = (n − k) / (m − 1), along an axis of n elements with m windows of k; the last is
    n − k. u is a sample of U(0, 1) for each plane and axis, drawn by every forward, in prediction too, unless
    random_samples (N, C, 2), width before height, are given, or fix_pooling_regions keeps the first ones; other N or
    C are drawn anew. The first of equal elements wins, row by row.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w) or (..., ⌊h ratio_h⌋, ⌊w ratio_w⌋)
    Errors: ShapeError unless out + k ≤ n along each axis; ArgumentError unless there are either both sizes or both
    ratios, ratios in (0, 1), and kw, kh of at least 2.
    Source: torch/nn, SpatialFractionalMaxPooling.lua; Graham, "Fractional Max-Pooling", 2014.
    """

    def __init__(
        self,
        kw: int,
        kh: int,
        out_w: int | None = None,
        out_h: int | None = None,
        ratio_w: float | None = None,
        ratio_h: float | None = None,
        random_samples: Sequence[Sequence[Sequence[float]]] | Array | None = None,
        fix_pooling_regions: bool = False,
    ) -> None:
        self.init_regions((kh, kw), (out_h, out_w), (ratio_h, ratio_w), random_samples, fix_pooling_regions)
