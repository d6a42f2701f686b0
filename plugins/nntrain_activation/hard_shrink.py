"""y = x where |x| > lam, 0 elsewhere."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_activation.shrink import Shrink


class HardShrink(Shrink):
    """y = x where |x| > lam, 0 elsewhere;  y' = 1 where |x| > lam, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    Errors: ArgumentError for a negative lam.
    Source: torch/nn, HardShrink.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        self.derivative(x, out, out)
        np.multiply(out, x, out=out)
