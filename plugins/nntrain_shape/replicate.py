"""y = copies of x."""

import numpy as np

from nntrain.compute.array import Array, is_array
from nntrain.nn.module import Module


class Replicate(Module):
    """y = n_features copies of x along a new axis dim;  dx = Σ dy over it.

    Shapes:
        x (3, 4) → y (n_features, 3, 4) for dim 0, (3, n_features, 4) for dim 1
        n_input_dims is the number of axes of one sample: for x with more axes, dim moves by one.
    Errors: ShapeError if dim is greater than the number of axes; ArgumentError for a negative dim or n_features < 1.
    Source: torch/nn, Replicate.lua, whose copies share one memory.
    """

    def __init__(self, n_features: int, dim: int = 0, n_input_dims: int | None = None) -> None:
        if n_features < 1 or dim < 0:
            raise self.argument_error(f"expected n_features >= 1 and dim >= 0, got {n_features} and {dim}")
        self.n_features = n_features
        self.dim = dim
        self.n_input_dims = n_input_dims

    def update_output(self, x: Array) -> Array:
        axis = self._get_axis(x)
        y = self.output_of((*x.shape[:axis], self.n_features, *x.shape[axis:]), like=x)
        y[...] = np.expand_dims(x, axis)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        np.sum(dy, axis=self._get_axis(x), out=dx)
        return dx

    def _get_axis(self, x: Array) -> int:
        """The position of the new axis."""
        axes = x.ndim if is_array(x) else -1
        axis = self.dim + (self.n_input_dims is not None and axes > self.n_input_dims)
        if axis > axes:
            raise self.shape_error(f"an input of {axis} axes or more", x)
        return axis
