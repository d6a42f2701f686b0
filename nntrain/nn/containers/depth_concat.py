"""Outputs of different sizes, centred in zeros and joined along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.compute.array import Shape
from nntrain.nn.containers.concat import Concat, Window, compute_windows

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

    def compute_windows(self, shapes: Sequence[Shape]) -> tuple[Shape, list[Window]]:
        return compute_windows(shapes, self.dim, centered=True)
