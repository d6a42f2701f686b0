"""y = x with the axes of a sample flattened."""

from math import prod

from nntrain.compute.array import Array, Shape
from nntrain_shape.reshaping import Reshaping


class Collapse(Reshaping):
    """y = x with the axes of a sample flattened;  dx = dy in the shape of x.

    Shapes:
        x (N, ...) with more than n_input_dims axes → y (N, elements of a sample)
        x with at most n_input_dims axes → y (elements of x,)
    Source: torch/nn, Collapse.lua.
    """

    def __init__(self, n_input_dims: int) -> None:
        self.n_input_dims = n_input_dims

    def get_target_shape(self, x: Array) -> Shape:
        return (len(x), prod(x.shape[1:])) if x.ndim > self.n_input_dims else (x.size,)
