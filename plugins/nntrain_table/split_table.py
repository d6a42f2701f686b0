"""y[i] = x at index i of an axis."""

from collections.abc import Sequence

from nntrain.compute.array import Array, is_array, resolve_axis
from nntrain.nn.module import Module
from nntrain_table.slices import split_axis


class SplitTable(Module):
    """y[i] = x at index i along dim, without that axis;  dx at index i = dy[i].

    Shapes:
        x an array → y a list of views of x, one for each index along dim; a vector gives arrays without axes
        n_input_dims is the number of axes of one sample: if x has one more axis, a nonnegative dim moves by one.
    Errors: ShapeError if x has no axis dim, or there are fewer gradients than views. Surplus gradients are ignored.
    Source: torch/nn, SplitTable.lua.
    """

    passes_memory = True

    def __init__(self, dim: int, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> list[Array]:
        self.output = y = split_axis(x, self._get_axis(x))
        return y

    def update_grad_input(self, x: Array, dy: Sequence[Array]) -> Array:
        axis = self._get_axis(x)
        if len(dy) < x.shape[axis]:
            raise self.shape_error(f"{x.shape[axis]} gradients, one for each element", dy)
        dx = self.grad_input_of(x)
        for part, gradient in zip(split_axis(dx, axis), dy, strict=False):
            part[...] = gradient
        return dx

    def _get_axis(self, x: Array) -> int:
        """The axis along which x is split."""
        axis = resolve_axis(x, self.dim, self.n_input_dims) if is_array(x) else None
        if axis is None:
            raise self.shape_error(f"an array with an axis {self.dim}", x)
        return axis
