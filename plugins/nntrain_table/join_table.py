"""y = x[0], x[1], ... concatenated along an axis."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import EMPTY, Array, Value, is_array, is_table, resolve_axis
from nntrain.nn.module import Module


class JoinTable(Module):
    """y = x[0], x[1], ... concatenated along dim;  dx[i] = the part of dy at the position of x[i].

    Shapes:
        x arrays that agree in every axis but dim → y, of the sum of their sizes along dim
        an empty list → y (0,)
        n_input_dims is the number of axes of one sample: if x[0] has one more axis, a nonnegative dim moves by one.
    Errors: ShapeError if the arrays do not agree, or do not have the axis dim.
    Source: torch/nn, JoinTable.lua.
    """

    takes_table = True

    def __init__(self, dim: int, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def update_output(self, x: Sequence[Array]) -> Array:
        axis = self._get_axis(x)
        if not x:
            self.output = y = self.buffer("output", (0,), like=EMPTY, dtype=np.dtype(self._type))
            return y
        shape = list(x[0].shape)
        shape[axis] = sum(part.shape[axis] for part in x)
        y = self.output_of(tuple(shape), like=x[0])
        np.concatenate(x, axis, out=y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        axis = self._get_axis(x)
        dx = self.grad_inputs_of(x)
        start = 0
        for part in dx:
            stop = start + part.shape[axis]
            part[...] = dy[(slice(None),) * axis + (slice(start, stop),)]
            start = stop
        return dx

    def _get_axis(self, x: Value) -> int:
        """The axis of the concatenation. ShapeError if the arrays do not fit."""
        if not is_table(x) or not all(is_array(part) for part in x):
            raise self.shape_error("a list of arrays", x)
        if not x:
            return 0
        axis = resolve_axis(x[0], self.dim, self.n_input_dims)
        if axis is None:
            raise self.shape_error(f"arrays with an axis {self.dim}", x)
        if len({(*part.shape[:axis], -1, *part.shape[axis + 1 :]) for part in x}) > 1:
            raise self.shape_error(f"arrays that agree in every axis but {axis}", x)
        return axis
