"""y = Σ x along an axis."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_reduction.reduction import Reduction


class Sum(Reduction):
    """y = Σ x along dim, divided by the size n of the axis with size_average;  dx = dy (or dy / n) at every position.

    Shapes:
        x → y without axis dim (squeeze=False: with size 1 there); a vector gives (1,)
        n_input_dims is the number of axes of one sample: if x has one more axis, a nonnegative dim moves by one.
    Errors: ShapeError if x has no axis dim.
    Source: torch/nn, Sum.lua.
    """

    def __init__(
        self, dim: int = 0, n_input_dims: int | None = None, size_average: bool = False, squeeze: bool = True
    ) -> None:
        super().__init__(dim, n_input_dims)
        self.size_average = size_average
        self.squeeze = squeeze

    def update_output(self, x: Array) -> Array:
        axis = self.get_axis(x)
        y = self.output_of(self.get_dropped_shape(x, axis) if self.squeeze else self.get_kept_shape(x, axis), like=x)
        np.sum(x, axis=axis, keepdims=True, out=y.reshape(self.get_kept_shape(x, axis)))
        if self.size_average:
            np.divide(y, x.shape[axis], out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        axis = self.get_axis(x)
        dx = self.grad_input_of(x)
        np.multiply(dy.reshape(self.get_kept_shape(x, axis)), 1 / x.shape[axis] if self.size_average else 1, out=dx)
        return dx
