"""The base of the maximum and the minimum along an axis."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nntrain.nn.array import Array
from nntrain_simple.reduction import Reduction

__all__ = ["Extreme"]


class Extreme(Reduction):
    """y = the element of x that no other along dim beats;  dx = dy at the first such, 0 elsewhere."""

    # What keeps the better of two.
    better: ClassVar[np.ufunc]

    def __init__(self, dim: int = 0, n_input_dims: int | None = None) -> None:
        self.dim = dim
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> Array:
        axis = self.axis(x)
        y = self.output_of(self.dropped(x, axis), like=x)
        self.better.reduce(x, axis=axis, keepdims=True, out=y.reshape(self.kept(x, axis)))
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        axis = self.axis(x)
        shape = self.kept(x, axis)
        best = self.buffer("best", x.shape, like=x, dtype=np.bool_)
        np.equal(x, self.output.reshape(shape), out=best)
        dx = self.grad_input_of(x)
        dx[...] = 0
        # Of bytes: to look for the first in x itself numpy would copy x.
        np.put_along_axis(dx, best.argmax(axis, keepdims=True), dy.reshape(shape), axis)
        return dx
