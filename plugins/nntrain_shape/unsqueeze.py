"""y = x with a new axis of size 1."""

from nntrain.compute.array import Array, Shape
from nntrain_shape.reshaping import Reshaping


class Unsqueeze(Reshaping):
    """y = x with an axis of size 1 at position dim;  dx = dy in the shape of x.

    Shapes:
        x (3, 4) → y (1, 3, 4) for dim 0, (3, 4, 1) for dim 2 or −1
        n_input_dims is the number of axes of one sample (default: that of the first x): dim moves by the number of
        additional axes of x.
    Errors: ShapeError if x has fewer axes than a sample, or a sample has no position dim.
    Source: torch/nn, Unsqueeze.lua.
    """

    def __init__(self, dim: int, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self._sample = n_input_dims

    def get_target_shape(self, x: Array) -> Shape:
        if self._sample is None:
            self._sample = x.ndim
        axes, dim = self._sample, self.dim
        if x.ndim < axes or not -axes - 1 <= dim <= axes:
            raise self.shape_error(f"an input of {axes} axes or more, with a position {dim} in the last {axes}", x)
        position = x.ndim - axes + dim if dim >= 0 else x.ndim + 1 + dim
        return (*x.shape[:position], 1, *x.shape[position:])

    def label(self) -> str:
        return f"Unsqueeze(dim {self.dim})"
