"""y = x, the axes of a sample made one."""

from __future__ import annotations

from math import prod

from nntrain.compute.array import Array, Shape
from nntrain_shape.reshaping import Reshaping

__all__ = ["Collapse"]


class Collapse(Reshaping):
    """y = x with the axes of a sample made one;  dx = dy in the shape of x.

    Shapes:
        x (N, ...) of more than n_input_dims axes → y (N, Π rest)
        x of at most n_input_dims axes → y (Π all,)
    Source: torch/nn, Collapse.lua.
    """

    passes_memory = True

    def __init__(self, n_input_dims: int) -> None:
        self.n_input_dims = n_input_dims

    def get_target_shape(self, x: Array) -> Shape:
        return (len(x), prod(x.shape[1:])) if x.ndim > self.n_input_dims else (x.size,)
