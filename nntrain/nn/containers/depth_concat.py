"""Outputs of different sizes, zero-padded around their centers and joined along an axis."""

from nntrain.nn.containers.concat import Concat


class DepthConcat(Concat):
    """y = m[0](x), m[1](x), ... joined along dim, centered and zero-padded;  dx = Σ dx of the modules.

    Along the other axes y has the largest size of all; a smaller output starts at (largest − size) // 2. The part of
    dy on the padding is ignored.

    Shapes:
        x an array → y, as above
    Errors: ShapeError for outputs with different numbers of axes.
    Source: torch/nn, DepthConcat.lua, where backward ignores its scale.
    """

    centered = True
