"""y = x without axes of size 1."""

from __future__ import annotations

from nntrain.compute.array import Array, Shape, resolve_axis
from nntrain.nn.batch_axis import is_single_row
from nntrain_shape.reshaping import Reshaping

__all__ = ["Squeeze"]


class Squeeze(Reshaping):
    """y = x without axis dim, if its size is 1; without a dim, x without any axis of size 1;  dx = dy.

    Shapes:
        x (3, 1, 4), dim 1 → y (3, 4); dim 0 → y (3, 4) of x (1, 3, 4), and x itself if it is longer there
        x (1, 3, 1, 2), no dim → y (3, 2); one axis is left, (1,), if all are 1
        With n_input_dims, the number of axes of one sample, and x of one axis more: a dim from the front counts the
        axes of the sample, and without a dim the first axis, the batch, stays if it is 1; it always stays as rows go
        through a network in a batch of one.
    dx has the shape of x.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Squeeze.lua, which cannot squeeze an x of one element.
    """

    passes_memory = True

    def __init__(self, dim: int | None = None, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def get_target_shape(self, x: Array) -> Shape:
        if self.dim is None:
            if x.shape[:1] == (1,) and is_single_row():
                return (1, *(n for n in x.shape[1:] if n != 1))
            batch_of_one = x.shape[:1] == (1,) and self.n_input_dims == x.ndim - 1
            left = tuple(n for n in x.shape if n != 1) or (1,)
            return (1, *left) if batch_of_one else left
        axis = resolve_axis(x, self.dim, self.n_input_dims)
        if axis is None:
            raise self.shape_error(f"an input with an axis {self.dim}", x)
        if x.shape[axis] != 1 or x.ndim == 1 or (axis == 0 and is_single_row()):
            return x.shape
        return x.shape[:axis] + x.shape[axis + 1 :]
