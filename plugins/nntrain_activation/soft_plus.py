"""y = log(1 + exp(βx)) / β."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain.nn.functional import softplus


class SoftPlus(Elementwise):
    """y = log(1 + exp(βx)) / β, x where βx > 20;  y' = 1 − exp(−βy), 1 where βy > 20.

    Shapes:
        any x → y of the same shape
    Errors: ArgumentError for a beta of 0.
    Source: torch/nn, SoftPlus.lua.
    """

    needs_output = True

    # The βx above which y is x.
    threshold: float = 20

    def __init__(self, beta: float = 1) -> None:
        if beta == 0:
            raise self.argument_error("expected a beta other than 0")
        self.beta = beta

    def value(self, x: Array, out: Array) -> None:
        np.multiply(x, self.beta, out=out)
        linear = self._is_linear(out)
        softplus(out, out, self.buffer("scratch", x.shape, like=x))
        np.divide(out, self.beta, out=out)
        np.copyto(out, x, where=linear, casting="same_kind")

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(y, self.beta, out=out)
        linear = self._is_linear(out)
        np.negative(out, out=out)
        np.expm1(out, out=out)
        np.negative(out, out=out)
        np.copyto(out, 1, where=linear)

    def _is_linear(self, scaled: Array) -> Array:
        """Where y is x."""
        linear = self.buffer("linear", scaled.shape, like=scaled, dtype=np.bool_)
        return np.greater(scaled, self.threshold, out=linear)
