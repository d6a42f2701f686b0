"""y = x, with a penalty on |x|."""

import numpy as np

from nntrain.nn import Array, Module


class L1Penalty(Module):
    """y = x, the same array;  dx = m sign x + dy (m sign x with provide_output=False);  loss = m Σ |x|.

    m = l1_weight, divided by the number of elements of x with size_average. The loss of the network does not include
    the penalty, its gradient does; ``loss`` is the penalty of the last forward.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, L1Penalty.lua.
    """

    needs_output = True
    passes_memory = True

    def __init__(self, l1_weight: float, size_average: bool = False, provide_output: bool = True) -> None:
        self.l1_weight = l1_weight
        self.size_average = size_average
        self.provide_output = provide_output
        self.loss = 0.0

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        size = self.buffer("size", x.shape, like=x)
        np.abs(x, out=size)
        self.loss = self._get_penalty(x) * float(size.sum())
        self.output = x
        return x

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        np.sign(x, out=dx)
        np.multiply(dx, self._get_penalty(x), out=dx)
        if self.provide_output:
            np.add(dx, dy, out=dx)
        return dx

    def _get_penalty(self, x: Array) -> float:
        """m."""
        return self.l1_weight / max(x.size, 1) if self.size_average else self.l1_weight
