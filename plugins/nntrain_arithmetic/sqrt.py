"""y = √x."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Sqrt(Elementwise):
    """y = √x;  y' = 1 / (2 y), 0 where y = 0.

    Shapes:
        any x → y of the same shape; NaN where x < 0
    eps is stored and has no effect.
    Source: torch/nn, Sqrt.lua.
    """

    needs_output = True

    def __init__(self, eps: float = 0) -> None:
        self.eps = eps

    def value(self, x: Array, out: Array) -> None:
        with np.errstate(invalid="ignore"):
            np.sqrt(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        positive = self.buffer("positive", x.shape, like=x, dtype=np.bool_)
        np.not_equal(y, 0, out=positive)
        out[...] = 0
        np.divide(0.5, y, out=out, where=positive)
