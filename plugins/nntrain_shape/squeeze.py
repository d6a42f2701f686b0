"""y = x without axes of size 1."""

from nntrain.compute.array import Array, Shape, resolve_axis
from nntrain.nn.batch_axis import is_single_row
from nntrain_shape.reshaping import Reshaping


class Squeeze(Reshaping):
    """y = x without axis dim if its size is 1; with dim=None, x without all axes of size 1;  dx = dy.

    Shapes:
        x (3, 1, 4), dim 1 → y (3, 4); x (1, 3, 4), dim 0 → y (3, 4); x itself if the axis is longer
        x (1, 3, 1, 2), dim None → y (3, 2); one axis remains, (1,), if all are 1
        n_input_dims is the number of axes of one sample: if x has one more axis, a nonnegative dim counts the axes of
        the sample, and with dim=None the batch axis stays even if its size is 1. It always stays when nntrain feeds a
        single row as a batch of one.
    dx has the shape of x.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Squeeze.lua, which cannot squeeze an x with one element.
    """

    def __init__(self, dim: int | None = None, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def get_target_shape(self, x: Array) -> Shape:
        if self.dim is None:
            if x.shape[:1] == (1,) and is_single_row():
                return (1, *(n for n in x.shape[1:] if n != 1))
            batch_of_one = x.shape[:1] == (1,) and self.n_input_dims == x.ndim - 1
            remaining = tuple(n for n in x.shape if n != 1) or (1,)
            return (1, *remaining) if batch_of_one else remaining
        axis = resolve_axis(x, self.dim, self.n_input_dims)
        if axis is None:
            raise self.shape_error(f"an input with an axis {self.dim}", x)
        if x.shape[axis] != 1 or x.ndim == 1 or (axis == 0 and is_single_row()):
            return x.shape
        return x.shape[:axis] + x.shape[axis + 1 :]
