"""y = x Φ(x), with the distribution function of the normal distribution."""

import math
from typing import ClassVar

import numpy as np

from nntrain.nn import Array
from nntrain.nn.erf import erf
from nntrain.nn.functional import sigmoid
from nntrain_activation.self_gated import SelfGated


class GELU(SelfGated):
    """y = x Φ(x), Φ(x) = (1 + erf(x/√2)) / 2;  y' = Φ(x) + x exp(−x²/2) / √(2π).

    With approximate: Φ(x) = (1 + tanh s) / 2, s = √(2/π) (x + 0.044715 x³);  y' = Φ(x) + 2y (1 − Φ(x)) ds/dx.

    Shapes:
        any x → y of the same shape
    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
    """

    # (1 + tanh s) / 2 = σ(2s), 2s = slope (x + cubic x³).
    slope: ClassVar[float] = 2 * math.sqrt(2 / math.pi)
    cubic: ClassVar[float] = 0.044715

    def __init__(self, approximate: bool = False) -> None:
        self.approximate = approximate

    def gate_and_multiply(self, x: Array, gate: Array, out: Array) -> None:
        if self.approximate:
            self._fill_polynomial(x, 1, gate)
            np.multiply(gate, x, out=gate)
            sigmoid(gate, gate)
        else:
            np.multiply(x, math.sqrt(0.5), out=gate)
            scratch = self.buffer("scratch", (3, *x.shape), like=x)
            erf(gate, gate, scratch, self.buffer("index", x.shape, like=x, dtype=np.intp))
            np.add(gate, 1, out=gate)
            np.multiply(gate, 0.5, out=gate)
        np.multiply(x, gate, out=out)

    def derivative(self, x: Array, y: Array, gate: Array, out: Array) -> None:
        if self.approximate:
            rest = self.buffer("rest", x.shape, like=x)
            np.subtract(1, gate, out=rest)
            np.multiply(rest, y, out=rest)
            self._fill_polynomial(x, 3, out)
            np.multiply(out, rest, out=out)
        else:
            with np.errstate(over="ignore"):
                np.square(x, out=out)
            np.multiply(out, -0.5, out=out)
            np.exp(out, out=out)
            np.multiply(out, 1 / math.sqrt(2 * math.pi), out=out)
            np.multiply(out, x, out=out)
        np.add(out, gate, out=out)

    def _fill_polynomial(self, x: Array, factor: float, out: Array) -> None:
        """out ← 2 √(2/π) (1 + factor · 0.044715 x²)."""
        with np.errstate(over="ignore"):
            np.square(x, out=out)
        np.multiply(out, self.slope * self.cubic * factor, out=out)
        np.add(out, self.slope, out=out)
