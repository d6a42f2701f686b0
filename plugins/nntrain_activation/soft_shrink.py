"""y = x − min(max(x, −lam), lam)."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_activation.shrink import Shrink


class SoftShrink(Shrink):
    """y = x − min(max(x, −lam), lam);  y' = 1 where |x| > lam, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    Errors: ArgumentError for a negative lam.
    Source: torch/nn, SoftShrink.lua.
    """

    def value(self, x: Array, out: Array) -> None:
        np.clip(x, -self.lam, self.lam, out=out)
        np.subtract(x, out, out=out)
