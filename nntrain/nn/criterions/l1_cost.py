"""L = Σ |x|."""

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.criterion import Criterion


class L1Cost(Criterion):
    """L = Σ |x|;  dx = sign x, 0 at 0. The target is ignored.

    Shapes:
        x any
    Source: torch/nn, L1Cost.lua.
    """

    def update_output(self, x: Array, t: Value = None) -> float:
        terms = self.buffer("terms", x.shape, like=x)
        np.abs(x, out=terms)
        self.output = float(terms.sum())
        return self.output

    def update_grad_input(self, x: Array, t: Value = None) -> Array:
        dx = self.grad_input_of(x)
        np.sign(x, out=dx)
        return dx
