"""Outputs of different sizes, centred in zeros and joined along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.nn.array import Shape
from nntrain.nn.containers.concat import Concat
from nntrain.nn.joining import Window, layout

__all__ = ["DepthConcat"]


class DepthConcat(Concat):
    """y = m[0](x), m[1](x), ... joined along dim, each centred in zeros across it;  dx = Σ dx of the modules.

    Along the other axes y has the largest size of all; a smaller output begins at (largest − size) // 2. What of dy
    falls on the zeros is lost.

    Shapes:
        x an array → y, as described
    Errors: ShapeError for outputs with another number of axes.
    Source: torch/nn, DepthConcat.lua, where backward forgets its scale.
    """

    def layout(self, shapes: Sequence[Shape]) -> tuple[Shape, list[Window]]:
        return layout(shapes, self.dim, centred=True)
