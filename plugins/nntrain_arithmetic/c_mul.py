"""y = w x, element by element."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_arithmetic.broadcast_parameter import BroadcastParameter


class CMul(BroadcastParameter):
    """y = w x, element by element;  dx = w dy;  dw = Σ x dy over the elements of x that share an element of w.

    Shapes:
        weight w: size; x → y of the same shape
        x with the same number of elements as w: paired in row-major order
        x with the same number of axes as w: axes of w of size 1 are repeated
        otherwise x (N, ...), each sample with the same number of elements as w
    Initially weight is U(−s, s), s = 1/√(number of elements).
    Errors: ShapeError for another x; ArgumentError for a size that is not positive.
    Source: torch/nn, CMul.lua.
    """

    parameter_names = ("weight",)

    def __init__(self, size: int | Sequence[int]) -> None:
        self.weight, self.grad_weight = self.create_parameter(size)
        self.reset()

    def update_output(self, x: Array) -> Array:
        self.get_broadcast_shapes(x)
        y = self.output_of(x.shape, like=x)
        x, w, out = self.broadcast(x, self.weight, y)
        np.multiply(x, w, out=out)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        _, w, dy, out = self.broadcast(x, self.weight, dy, dx)
        np.multiply(dy, w, out=out)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        terms = self.buffer("terms", x.shape, like=x)
        np.multiply(x, dy, out=terms)
        self.accumulate_sums(x, terms, self.grad_weight, scale)
