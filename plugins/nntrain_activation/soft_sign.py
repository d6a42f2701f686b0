"""y = x / (1 + |x|)."""

import numpy as np

from nntrain.nn import Array, Elementwise


class SoftSign(Elementwise):
    """y = x / (1 + |x|);  y' = 1 / (1 + |x|)².

    Shapes:
        any x → y of the same shape
    Source: torch/nn, SoftSign.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        np.abs(x, out=out)
        np.add(out, 1, out=out)
        np.divide(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.abs(x, out=out)
        np.add(out, 1, out=out)
        # The reciprocal is squared, as the square of 1 + |x| may overflow.
        np.reciprocal(out, out=out)
        np.square(out, out=out)
