"""A module applied to inputs with additional leading axes."""

import math

from nntrain.compute.array import Array, Value
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module


class Bottle(Decorator):
    """y = m(x with its leading axes folded into one), unfolded again;  the same for dx.

    Shapes:
        x (*lead, first, *rest), n_input_dims axes from ``first`` on → m's input (∏ lead · first, *rest)
        m's output (∏ lead · first, *out), n_output_dims axes → y (*lead, first, *out)
    n_output_dims: default n_input_dims. If x has at most n_input_dims axes, y = m(x).
    Errors: ShapeError if m's output does not have n_output_dims axes.
    Source: torch/nn, Bottle.lua.
    """

    def __init__(self, module: Module, n_input_dims: int = 2, n_output_dims: int | None = None) -> None:
        super().__init__(module)
        self.n_input_dims = n_input_dims
        self.n_output_dims = n_input_dims if n_output_dims is None else n_output_dims

    def fold_axes(self, x: Array) -> Array:
        """Return x with its leading axes folded."""
        k = x.ndim - self.n_input_dims + 1
        return x.reshape(math.prod(x.shape[:k]), *x.shape[k:]) if k > 1 else x

    def update_output(self, x: Array) -> Array:
        y = self.module.forward(self.fold_axes(x))
        k = x.ndim - self.n_input_dims + 1
        if k > 1:
            if y.ndim != self.n_output_dims:
                raise self.shape_error(f"an output of {self.n_output_dims} axes from {self.module.label()}", y)
            y = y.reshape(*x.shape[:k], *y.shape[1:])
        self.output = y
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Value:
        dx = self.module.update_grad_input(self.fold_axes(x), dy.reshape(self.module.output.shape))
        self.grad_input = None if dx is None else dx.reshape(x.shape)
        return self.grad_input

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.module.acc_grad_parameters(self.fold_axes(x), dy.reshape(self.module.output.shape), scale)
