"""The Gaussian error linear unit, approximated with tanh."""

import numpy as np

from nntrain.nn import Array, Elementwise

__all__ = ["TanhGELU"]

A = float(np.sqrt(2 / np.pi))
B = 0.044715


class TanhGELU(Elementwise):
    """y = x (1 + tanh u) / 2, u = a (x + b x³);  y' = (1 + tanh u) / 2 + x (1 − tanh² u) a (1 + 3 b x²) / 2.

    a = √(2/π), b = 0.044715.

    Shapes:
        any x → y of the same shape
    Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2.
    """

    def value(self, x: Array, out: Array) -> None:
        t = self.compute_tanh(x)
        np.add(t, 1, out=t)
        np.multiply(x, 0.5, out=out)
        np.multiply(out, t, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        t = self.compute_tanh(x)
        np.multiply(x, x, out=out)
        np.multiply(out, 3 * B, out=out)
        np.add(out, 1, out=out)
        np.multiply(out, x, out=out)
        np.multiply(out, A / 2, out=out)
        # out = x a (1 + 3 b x²) / 2, times 1 − t², plus (1 + t) / 2
        squared = self.buffer("squared", x.shape, like=x)
        np.multiply(t, t, out=squared)
        np.subtract(1, squared, out=squared)
        np.multiply(out, squared, out=out)
        np.multiply(t, 0.5, out=t)
        np.add(out, t, out=out)
        np.add(out, 0.5, out=out)

    def compute_tanh(self, x: Array) -> Array:
        """Return tanh u in a buffer of the layer."""
        u = self.buffer("u", x.shape, like=x)
        np.multiply(x, x, out=u)
        np.multiply(u, B, out=u)
        np.add(u, 1, out=u)
        np.multiply(u, x, out=u)
        np.multiply(u, A, out=u)
        return np.tanh(u, out=u)
