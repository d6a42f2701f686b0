"""y = max over windows of a volume with random starts."""

from collections.abc import Sequence

from nntrain.compute.array import Array
from nntrain_pooling.fractional_max_pooling import FractionalMaxPooling


class VolumetricFractionalMaxPooling(FractionalMaxPooling):
    """y[i, j, l] = max of x over kh × kw × kt elements from [s(i), s(j), s(l)].

    dx is dy, summed at the positions that y came from.
    s(i) = ⌊(i + u) a⌋ − ⌊u a⌋, a = (n − k) / (m − 1), along an axis of n elements with m windows of k; the last is
    n − k. u is a sample of U(0, 1) for each channel and axis, new in every forward, also in evaluation mode, unless
    random_samples (N, C, 3), in the order time, width, height, are given, or fix_pooling_regions keeps the first
    ones; another N or C gets new samples. The first of equal elements wins, in the order h, w, t.

    Shapes:
        x (C, h, w, t) or (N, C, h, w, t), time last → y (..., out_h, out_w, out_t), or with the sizes
        ⌊h ratio_h⌋, ⌊w ratio_w⌋, ⌊t ratio_t⌋
    Errors: ShapeError unless out + k ≤ n along each axis; ArgumentError unless either all sizes or all ratios are
    given, ratios are in (0, 1), and kt, kw and kh at least 2.
    Source: torch/nn, VolumetricFractionalMaxPooling.lua.
    """

    sample_axes = ("C", "h", "w", "t")

    def __init__(
        self,
        kt: int,
        kw: int,
        kh: int,
        out_t: int | None = None,
        out_w: int | None = None,
        out_h: int | None = None,
        ratio_t: float | None = None,
        ratio_w: float | None = None,
        ratio_h: float | None = None,
        random_samples: Sequence[Sequence[Sequence[float]]] | Array | None = None,
        fix_pooling_regions: bool = False,
    ) -> None:
        sizes, ratios = (out_h, out_w, out_t), (ratio_h, ratio_w, ratio_t)
        self.init_regions((kh, kw, kt), sizes, ratios, random_samples, fix_pooling_regions)
