"""The base of reductions along an axis."""

from nntrain.compute.array import Array, Shape, is_array, resolve_axis
from nntrain.nn.module import Module


class Reduction(Module):
    """y = x reduced along axis dim. Abstract: a subclass implements the reduction.

    n_input_dims is the number of axes of one sample. If x has one more axis, a nonnegative dim counts the axes of the
    sample.
    """

    def __init__(self, dim: int = 0, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def get_axis(self, x: Array) -> int:
        """The axis of x. ShapeError if it has none, or one without elements."""
        axis = resolve_axis(x, self.dim, self.n_input_dims) if is_array(x) else None
        if axis is None or not x.shape[axis]:
            raise self.shape_error(f"an input with an axis {self.dim}", x)
        return axis

    @staticmethod
    def get_kept_shape(x: Array, axis: int) -> Shape:
        """The shape of y with the axis kept as size 1."""
        return (*x.shape[:axis], 1, *x.shape[axis + 1 :])

    @staticmethod
    def get_dropped_shape(x: Array, axis: int) -> Shape:
        """The shape of y without the axis; a vector becomes (1,)."""
        return x.shape[:axis] + x.shape[axis + 1 :] or (1,)
