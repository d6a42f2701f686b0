"""y = −log(1 + exp(−x))."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain.nn.functional import softplus


class LogSigmoid(Elementwise):
    """y = −log(1 + exp(−x));  y' = 1 − exp y.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, LogSigmoid.lua.
    """

    needs_output = True
    output_form = "log_probabilities"

    def value(self, x: Array, out: Array) -> None:
        np.negative(x, out=out)
        softplus(out, out, self.buffer("scratch", x.shape, like=x))
        np.negative(out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.expm1(y, out=out)
        np.negative(out, out=out)
