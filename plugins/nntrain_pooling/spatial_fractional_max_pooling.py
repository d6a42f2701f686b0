"""y = max over windows of an image with random starts."""

from collections.abc import Sequence

from nntrain.compute.array import Array
from nntrain_pooling.fractional_max_pooling import FractionalMaxPooling


class SpatialFractionalMaxPooling(FractionalMaxPooling):
    """y[i, j] = max of x over kh × kw elements from [s(i), s(j)];  dx is dy, summed at the positions that y came from.

    s(i) = ⌊(i + u) a⌋ − ⌊u a⌋, a = (n − k) / (m − 1), along an axis of n elements with m windows of k; the last is
    n − k. u is a sample of U(0, 1) for each channel and axis, new in every forward, also in evaluation mode, unless
    random_samples (N, C, 2), width before height, are given, or fix_pooling_regions keeps the first ones; another N or
    C gets new samples. The first of equal elements wins, in row-major order.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y (..., out_h, out_w) or (..., ⌊h ratio_h⌋, ⌊w ratio_w⌋)
    Errors: ShapeError unless out + k ≤ n along each axis; ArgumentError unless either both sizes or both ratios are
    given, ratios are in (0, 1), and kw and kh at least 2.
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
