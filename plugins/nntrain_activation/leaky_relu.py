"""y = x where x > 0, negval x elsewhere."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain_activation.leaky_derivative import fill_leaky_derivative


class LeakyReLU(Elementwise):
    """y = x where x > 0, negval x elsewhere;  y' = 1 where x > 0, negval elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy, unless negval is negative: then y does not determine the sign
    of x.
    Source: torch/nn, LeakyReLU.lua.
    """

    needs_in_place = "signs"
    mutable_arguments = ("inplace",)

    def __init__(self, negval: float = 0.01, inplace: bool = False) -> None:
        self.negval = negval
        self.inplace = inplace and negval >= 0

    def value(self, x: Array, out: Array) -> None:
        scaled = self.buffer("negval x", x.shape, like=x) if self.inplace else out
        np.multiply(x, self.negval, out=scaled)
        (np.maximum if self.negval <= 1 else np.minimum)(x, scaled, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        if 0 <= self.negval <= 1:
            np.greater(x, 0, out=out)
            np.clip(out, self.negval, 1, out=out)
        else:
            fill_leaky_derivative(self, x, self.negval, out)

    def label(self) -> str:
        return f"LeakyReLU({self.negval:g})"
