"""y = xᵖ."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Power(Elementwise):
    """y = xᵖ;  y' = p xᵖ⁻¹.

    Shapes:
        any x → y of the same shape; NaN where x < 0 and p is not an integer
    With p = 0 the derivative at x = 0 is NaN.
    Source: torch/nn, Power.lua.
    """

    def __init__(self, p: float) -> None:
        self.p = p

    def value(self, x: Array, out: Array) -> None:
        with np.errstate(all="ignore"):
            np.power(x, float(self.p), out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        with np.errstate(all="ignore"):
            np.power(x, float(self.p - 1), out=out)
            np.multiply(out, self.p, out=out)
