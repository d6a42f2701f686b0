"""y = 1 at the position x, 0 elsewhere."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array, is_array
from nntrain.nn.input_arrays import to_indices
from nntrain.nn.module import Module


class OneHot(Module):
    """y[..., k] = 1 where x is k, else 0;  dx = 0.

    Shapes:
        x of any shape, integers 0..output_size − 1 → y (*x.shape, output_size)
        x a number → y (output_size,), and dx is the number 0
    Errors: ShapeError for other numbers; ArgumentError for an output_size below 1.
    Source: torch/nn, OneHot.lua.
    """

    def __init__(self, output_size: int) -> None:
        if output_size < 1:
            raise self.argument_error(f"expected an output_size of at least 1, got {output_size}")
        self.output_size = output_size

    def update_output(self, x: Array | float) -> Array:
        values: Any = np.asarray(x) if isinstance(x, int | float | np.number) else x
        if not is_array(values):
            raise self.shape_error("an array or a number", x)
        positions = to_indices(self, "positions", values, self.output_size)
        y = self.output_of((*values.shape, self.output_size), like=values)
        np.equal(positions[..., None], np.arange(self.output_size), out=y)
        return y

    def update_grad_input(self, x: Array | float, dy: Array) -> Array | float:
        if isinstance(x, int | float | np.number):
            self.grad_input = 0
            return 0
        return self.zero_grad_input_of(x)
