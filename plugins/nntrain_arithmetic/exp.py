"""y = exp x."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Exp(Elementwise):
    """y = exp x;  y' = y.

    Shapes:
        any x → y of the same shape; ∞ where exp x overflows
    Source: torch/nn, Exp.lua.
    """

    needs_output = True

    def value(self, x: Array, out: Array) -> None:
        with np.errstate(over="ignore"):
            np.exp(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        out[...] = y
