"""y = log x."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Log(Elementwise):
    """y = log x;  y' = 1 / x.

    Shapes:
        any x → y of the same shape; −∞ where x = 0, NaN where x < 0
    Source: torch/nn, Log.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            np.log(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        with np.errstate(divide="ignore"):
            np.divide(1, x, out=out)
