"""y = tanh x."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Tanh(Elementwise):
    """y = tanh x;  y' = 1 − y².

    Shapes:
        any x → y of the same shape
    Source: torch/nn, Tanh.lua.
    """

    needs_output = True

    def value(self, x: Array, out: Array) -> None:
        np.tanh(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(y, y, out=out)
        np.subtract(1, out, out=out)
