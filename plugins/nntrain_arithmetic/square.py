"""y = x²."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Square(Elementwise):
    """y = x²;  y' = 2 x.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, Square.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        np.multiply(x, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(x, 2, out=out)
