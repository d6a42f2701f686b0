"""y = slices of a at given positions of an axis."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value, resolve_axis
from nntrain.compute.array import IntArray as Indices
from nntrain.nn.input_arrays import require_two_arrays, to_indices
from nntrain.nn.module import Module


class Index(Module):
    """y = the slices i of a along dim, x = [a, i];  da = Σ dy over the copies of each slice;  di = 0.

    Shapes:
        a, i (L,) integers from 0 → y of size L along dim; dx = [da, di]
        a negative dim counts from the end
    Errors: ShapeError unless i has one axis and a has the axis dim and these slices.
    Source: torch/nn, Index.lua.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def update_output(self, x: Sequence[Array]) -> Array:
        axis, positions = self._get_positions(x)
        a = self.to_floating(x[0])
        y = self.output_of((*a.shape[:axis], len(positions), *a.shape[axis + 1 :]), like=a)
        np.take(a, positions, axis=axis, out=y, mode="clip")
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        axis, positions = self._get_positions(x)
        dx = self.grad_inputs_of(x)
        for gradient in dx:
            gradient[...] = 0
        np.add.at(np.moveaxis(dx[0], axis, 0), positions, np.moveaxis(dy, axis, 0))
        return dx

    def _get_positions(self, x: Value) -> tuple[int, Indices]:
        """The axis, and the positions along it."""
        expected = f"an array with an axis {self.dim}, and indices of shape (L,)"
        a, positions = require_two_arrays(self, x, expected)
        axis = resolve_axis(a, self.dim)
        if axis is None or positions.ndim != 1:
            raise self.shape_error(expected, x)
        return axis, to_indices(self, "positions", positions, a.shape[axis])
