"""y = a at given places of an axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value, resolve_axis
from nntrain.compute.array import IntArray as Indices
from nntrain.nn.input_arrays import require_two_arrays, to_indices
from nntrain.nn.module import Module

__all__ = ["Index"]


class Index(Module):
    """y = the slices i of a along dim, x = [a, i];  da = Σ dy where the slice was taken;  di = 0.

    Shapes:
        a, i (L,) whole numbers from 0 → y, as long along dim as i; dx = [da, di]
        a negative dim counts from the end
    Errors: ShapeError if i has not one axis or a has no such slice or no axis dim.
    Source: torch/nn, Index.lua.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def update_output(self, x: Sequence[Array]) -> Array:
        axis, places = self._get_places(x)
        a = self.to_floating(x[0])
        y = self.output_of((*a.shape[:axis], len(places), *a.shape[axis + 1 :]), like=a)
        np.take(a, places, axis=axis, out=y, mode="clip")
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        axis, places = self._get_places(x)
        dx: list[Array] = self.buffers_like("grad_input", x)
        for gradient in dx:
            gradient[...] = 0
        np.add.at(np.moveaxis(dx[0], axis, 0), places, np.moveaxis(dy, axis, 0))
        self.grad_input = dx
        return dx

    def _get_places(self, x: Value) -> tuple[int, Indices]:
        """The axis, and the places along it."""
        wanted = f"an array with an axis {self.dim}, and indices of shape (L,)"
        a, places = require_two_arrays(self, x, wanted)
        axis = resolve_axis(a, self.dim)
        if axis is None or places.ndim != 1:
            raise self.shape_error(wanted, x)
        return axis, to_indices(self, "places", places, a.shape[axis])
