"""y = x to the right of 0, negval x to the left."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.elementwise import Elementwise
from nntrain_activation.leaky_slope import fill_leaky_slope

__all__ = ["LeakyReLU"]


class LeakyReLU(Elementwise):
    """y = x where x > 0, negval x elsewhere;  y' = 1 where x > 0, negval elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace y is written over x, and dx over dy; a negative negval switches that off, as y would not tell
    the sign of x.
    Source: torch/nn, LeakyReLU.lua.
    """

    needs_in_place = "signs"

    mutable_arguments = ("inplace",)

    def __init__(self, negval: float = 0.01, inplace: bool = False) -> None:
        self.negval = negval
        self.inplace = inplace and negval >= 0

    def value(self, x: Array, out: Array) -> None:
        scaled = self.buffer("negval x", x.shape, like=x) if out is x else out
        np.multiply(x, self.negval, out=scaled)
        (np.maximum if self.negval <= 1 else np.minimum)(x, scaled, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        if 0 <= self.negval <= 1:
            np.greater(x, 0, out=out)
            np.clip(out, self.negval, 1, out=out)
        else:
            fill_leaky_slope(x, self.negval, out, self.buffer("mask", x.shape, like=x, dtype=np.bool_))

    def label(self) -> str:
        return f"LeakyReLU({self.negval:g})"
