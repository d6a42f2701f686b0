"""y = x with constant slices inserted."""

from typing import Any

from nntrain.compute.array import Array, is_array
from nntrain.nn.module import Module


class Padding(Module):
    """y = x with |pad| slices of ``value`` inserted along dim;  dx = dy without them.

    Shapes:
        x → y, longer by |pad| along dim
        pad < 0: before slice ``index`` of x; pad > 0: before the last ``index`` slices (0: at the end)
        n_input_dims is the number of axes of one sample: for x with another number of axes, dim moves by one.
    Errors: ShapeError if x has no such axis, or is shorter than index; ArgumentError for a negative index.
    Source: torch/nn, Padding.lua. A negative dim counts from the end and does not move.
    """

    def __init__(self, dim: int, pad: int, n_input_dims: int | None = None, value: float = 0, index: int = 0) -> None:
        if index < 0:
            raise self.argument_error(f"expected an index of at least 0, got {index}")
        self.dim = dim
        self.pad = pad
        self.n_input_dims = n_input_dims
        self.value = value
        self.index = index

    def update_output(self, x: Array) -> Array:
        axis, split = self._find_split(x)
        pad = abs(self.pad)
        y = self.output_of((*x.shape[:axis], x.shape[axis] + pad, *x.shape[axis + 1 :]), like=x)
        y[index_axis(axis, 0, split)] = x[index_axis(axis, 0, split)]
        y[index_axis(axis, split, split + pad)] = self.value
        y[index_axis(axis, split + pad, None)] = x[index_axis(axis, split, None)]
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        axis, split = self._find_split(x)
        dx = self.grad_input_of(x)
        dx[index_axis(axis, 0, split)] = dy[index_axis(axis, 0, split)]
        dx[index_axis(axis, split, None)] = dy[index_axis(axis, split + abs(self.pad), None)]
        return dx

    def _find_split(self, x: Array) -> tuple[int, int]:
        """The axis, and the number of slices of x before the inserted ones."""
        axes = x.ndim if is_array(x) else 0
        axis = self.dim
        if axis < 0:
            axis += axes
        elif self.n_input_dims is not None and axes != self.n_input_dims:
            axis += 1
        if not 0 <= axis < axes or x.shape[axis] < self.index:
            raise self.shape_error(f"an input with an axis {self.dim} of at least {self.index} slices", x)
        return axis, self.index if self.pad < 0 else x.shape[axis] - self.index


def index_axis(axis: int, start: int, stop: int | None) -> tuple[Any, ...]:
    """The index of the slices from start to stop along an axis."""
    return (slice(None),) * axis + (slice(start, stop),)
