"""y = 1 / (1 + exp(−x))."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain.nn.functional import sigmoid


class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(−x));  y' = y (1 − y).

    Shapes:
        any x → y of the same shape
    Source: torch/nn, Sigmoid.lua.
    """

    needs_output = True
    output_form = "probabilities"

    def value(self, x: Array, out: Array) -> None:
        sigmoid(x, out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.subtract(1, y, out=out)
        np.multiply(out, y, out=out)
