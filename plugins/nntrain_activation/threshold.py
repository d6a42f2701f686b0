"""y = x where x > threshold, a constant elsewhere."""

import numpy as np

from nntrain.nn import Array, Elementwise

# From this number of elements on, numpy.clip is faster than numpy.maximum with a number; its call costs more.
MIN_VECTORIZED_SIZE = 1 << 14


class Threshold(Elementwise):
    """y = x where x > threshold, value elsewhere;  y' = 1 where x > threshold, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Errors: ArgumentError for inplace with a value above the threshold: y does not determine where x was above it.
    Source: torch/nn, Threshold.lua. The value is the attribute ``val``. NaN stays NaN.
    """

    mutable_arguments = ("inplace",)

    def __init__(self, threshold: float = 1e-6, value: float = 0, inplace: bool = False) -> None:
        if inplace and value > threshold:
            raise self.argument_error(f"inplace: expected a value of at most the threshold {threshold}, got {value}")
        self.threshold = threshold
        self.val = value
        self.inplace = inplace

    def value(self, x: Array, out: Array) -> None:
        if self.val != self.threshold:
            self._replace_below(x, out)
        elif x.size < MIN_VECTORIZED_SIZE:
            np.maximum(x, self.val, out=out)
        else:
            x.clip(self.val, np.inf, out)

    def _replace_below(self, x: Array, out: Array) -> None:
        """out ← x (x > threshold) + value (x ≤ threshold): several times faster than numpy.where."""
        above = self.buffer("above", x.shape, like=x, dtype=np.bool_)
        np.greater(x, self.threshold, out=above)
        np.clip(x, self.threshold, np.inf, out=out)  # −∞ · 0 would be NaN
        np.multiply(out, above, out=out)
        if self.val:
            constant = self.buffer("constant", x.shape, like=x)
            np.logical_not(above, out=above)
            np.multiply(above, self.val, out=constant)
            np.add(out, constant, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.greater(x, self.threshold, out=out)
