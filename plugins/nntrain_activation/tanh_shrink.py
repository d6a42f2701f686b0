"""y = x − tanh x."""

import numpy as np

from nntrain.nn import Array, Elementwise


class TanhShrink(Elementwise):
    """y = x − tanh x;  y' = tanh² x.

    Shapes:
        any x → y of the same shape
    Source: torch/nn, TanhShrink.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        np.tanh(x, out=out)
        np.subtract(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.tanh(x, out=out)
        np.square(out, out=out)
