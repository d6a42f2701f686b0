"""y = x where x > 0, a x elsewhere, with a random a."""

import numpy as np

from nntrain.nn import Array, Elementwise, Noise
from nntrain_activation.leaky_derivative import fill_leaky_derivative


class RReLU(Noise, Elementwise):
    """y = x where x > 0, a x elsewhere;  y' = 1 where x > 0, a elsewhere.

    In training, each forward samples every a from U(lower, upper); in evaluation mode, a = (lower + upper) / 2.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Errors: ArgumentError unless 0 ≤ lower ≤ upper.
    Source: torch/nn, RReLU.lua; Xu et al., "Empirical Evaluation of Rectified Activations in Convolutional
    Network", 2015.
    """

    mutable_arguments = ("inplace",)

    # ``derivative`` needs the random slopes of all chunks.
    divisible = False

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        if not 0 <= lower <= upper:
            raise self.argument_error(f"expected 0 <= lower <= upper, got {lower} and {upper}")
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def value(self, x: Array, out: Array) -> None:
        slope = self.buffer("noise", x.shape, like=x)
        fill_leaky_derivative(self, x, self._draw_slopes(slope) if self.train else self._get_mean_slope(), slope)
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        # Bounds this close are treated as equal.
        if self.train and self.upper - self.lower > 1e-6:
            np.copyto(out, self.buffer("noise", x.shape, like=x))
        else:
            fill_leaky_derivative(self, x, self._get_mean_slope(), out)

    def _draw_slopes(self, out: Array) -> Array:
        """out ← U(lower, upper)."""
        self.generator.random(out=out, dtype=out.dtype)
        np.multiply(out, self.upper - self.lower, out=out)
        return np.add(out, self.lower, out=out)

    def _get_mean_slope(self) -> float:
        """The a of evaluation mode."""
        return (self.lower + self.upper) / 2

    def label(self) -> str:
        return f"RReLU (l:{self.lower:f}, u:{self.upper:f})"
