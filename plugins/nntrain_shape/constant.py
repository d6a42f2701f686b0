"""y = a constant."""

from typing import Any

import numpy as np

from nntrain.nn import Array, Module


class Constant(Module):
    """y = value for any x;  dx = 0.

    Shapes:
        any x → y in the shape of value, (1,) for a number
        n_input_dims is the number of axes of one sample: x (N, ...) with more axes → y (N, *value.shape)
    Source: torch/nn, Constant.lua. The value is not learned.
    """

    def __init__(self, value: Any, n_input_dims: int | None = None) -> None:
        self.value = np.atleast_1d(np.asarray(value, np.float64))
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        batch = self.n_input_dims is not None and x.ndim > self.n_input_dims
        y = self.output_of((len(x), *self.value.shape) if batch else self.value.shape, like=x)
        y[...] = self.value
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return self.zero_grad_input_of(x)
