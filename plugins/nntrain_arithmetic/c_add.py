"""y = x + b."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_arithmetic.broadcast_parameter import BroadcastParameter


class CAdd(BroadcastParameter):
    """y = x + b;  dx = dy;  db = Σ dy over the elements of x that share an element of b.

    Shapes:
        bias b: size; x → y of the same shape
        x with the same number of elements as b: paired in row-major order
        x with the same number of axes as b: axes of b of size 1 are repeated
        otherwise x (N, ...), each sample with the same number of elements as b
    Initially bias is U(−s, s), s = 1/√(number of elements).
    Errors: ShapeError for another x; ArgumentError for a size that is not positive.
    Source: torch/nn, CAdd.lua.
    """

    parameter_names = ("bias",)

    def __init__(self, size: int | Sequence[int]) -> None:
        self.bias, self.grad_bias = self.create_parameter(size)
        self.reset()

    def update_output(self, x: Array) -> Array:
        self.get_broadcast_shapes(x)
        y = self.output_of(x.shape, like=x)
        x, b, out = self.broadcast(x, self.bias, y)
        np.add(x, b, out=out)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        dx[...] = dy
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.accumulate_sums(x, dy, self.grad_bias, scale)
