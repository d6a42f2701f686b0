"""y = x where x > 0, α (exp x − 1) elsewhere."""

import numpy as np

from nntrain.nn import Array, Elementwise
from nntrain_activation.leaky_derivative import fill_leaky_derivative


class ELU(Elementwise):
    """y = x where x > 0, α (exp x − 1) elsewhere;  y' = 1 where y > 0, y + α elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Source: torch/nn, ELU.lua; Clevert, Unterthiner, Hochreiter, "Fast and Accurate Deep Network Learning by
    Exponential Linear Units", 2016.
    """

    needs_output = True
    mutable_arguments = ("inplace",)

    def __init__(self, alpha: float = 1, inplace: bool = False) -> None:
        self.alpha = alpha
        self.inplace = inplace

    def value(self, x: Array, out: Array) -> None:
        positive = self.buffer("scratch", x.shape, like=x)
        np.clip(x, 0, np.inf, out=positive)
        np.clip(x, -np.inf, 0, out=out)
        np.expm1(out, out=out)
        np.multiply(out, self.alpha, out=out)
        np.add(out, positive, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.clip(y, -np.inf, 0, out=out)
        np.add(out, self.alpha, out=out)
        fill_leaky_derivative(self, y, out, out)

    def label(self) -> str:
        return f"ELU (alpha:{self.alpha:f})"
