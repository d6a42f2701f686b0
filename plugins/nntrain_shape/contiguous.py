"""y = x, its elements in their order in memory."""

from __future__ import annotations

from nntrain.compute.array import Array, Shape
from nntrain_shape.reshaping import Reshaping

__all__ = ["Contiguous"]


class Contiguous(Reshaping):
    """y = x;  dx = dy: copies whose elements lie in memory row by row, or the same arrays if theirs do.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, Contiguous.lua.
    """

    passes_memory = True

    def get_target_shape(self, x: Array) -> Shape:
        return x.shape
