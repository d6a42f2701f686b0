"""y = |x|."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Abs(Elementwise):
    """y = |x|;  y' = 1 where x ≥ 0, −1 elsewhere.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, Abs.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        np.abs(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.greater_equal(x, 0, out=out)
        np.multiply(out, 2, out=out)
        np.subtract(out, 1, out=out)
