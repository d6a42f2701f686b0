"""y = x tanh(log(1 + exp x))."""

import numpy as np

from nntrain.nn import Array
from nntrain_activation.self_gated import SelfGated


class Mish(SelfGated):
    """y = x w, w = tanh(log(1 + exp x));  y' = w + 2y (1 − w) / (1 + √((1 − w) / (1 + w))).

    Shapes:
        any x → y of the same shape
    Source: Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2020.
    """

    # With e = exp x, w = (e² + 2e) / (e² + 2e + 2), which is 1 in double precision from this x on.
    saturation: float = 20

    def gate_and_multiply(self, x: Array, gate: Array, out: Array) -> None:
        np.clip(x, -np.inf, self.saturation, out=gate)
        np.exp(gate, out=gate)
        np.add(gate, 2, out=out)
        np.multiply(gate, out, out=gate)
        np.add(gate, 2, out=out)
        np.divide(gate, out, out=gate)
        np.multiply(x, gate, out=out)

    def derivative(self, x: Array, y: Array, gate: Array, out: Array) -> None:
        # (1 + exp x)² = (1 + w) / (1 − w): the derivative needs no exponential.
        rest = self.buffer("rest", x.shape, like=x)
        np.subtract(1, gate, out=rest)
        np.add(1, gate, out=out)
        np.divide(rest, out, out=out)
        np.sqrt(out, out=out)
        np.add(out, 1, out=out)
        np.divide(rest, out, out=out)
        np.multiply(out, y, out=out)
        np.multiply(out, 2, out=out)
        np.add(out, gate, out=out)
