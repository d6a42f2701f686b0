"""The base of functions that are 0 around 0."""

import numpy as np

from nntrain.nn import Array, Elementwise


class Shrink(Elementwise):
    """y = 0 where |x| ≤ lam;  y' = 1 where |x| > lam, 0 elsewhere. Abstract: a subclass implements ``value``."""

    def __init__(self, lam: float = 0.5) -> None:
        if lam < 0:
            raise self.argument_error(f"expected a lam of at least 0, got {lam}")
        self.lam = lam

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.abs(x, out=out)
        np.greater(out, self.lam, out=out)
