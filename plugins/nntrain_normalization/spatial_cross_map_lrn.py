"""y = x / (k + alpha/size Σ x²)^beta, with a sum over neighboring channels."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.windows import Windows, sum_windows
from nntrain.nn.bases.sample_module import SampleModule


class SpatialCrossMapLRN(SampleModule):
    """y = x D^−beta, D[c] = k + alpha/size Σ x[l]² over |l − c| ≤ (size − 1)/2.

    dx = dy D^−beta − 2 alpha beta/size · x · Σ dy y / D over the same channels. At the first and last channels the sum
    has fewer terms, but is also divided by size.

    Shapes:
        x (C, h, w) or (N, C, h, w) → y of the same shape
    Errors: ArgumentError unless size is odd and at least 1.
    Source: torch/nn, SpatialCrossMapLRN.lua; Krizhevsky et al., "ImageNet Classification with Deep Convolutional
    Neural Networks", 2012, section 3.3.
    """

    def __init__(self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1) -> None:
        self.size = self.require_integer("size", size)
        if size % 2 == 0:
            raise self.argument_error(f"expected an odd size, got {size}")
        self.alpha = alpha
        self.beta = beta
        self.k = k
        self.windows = Windows((self.size, 1), padding=(self.size // 2, 0))

    def update_output(self, x: Array) -> Array:
        x = self.require_samples(x)
        y, D = self.output_of(x.shape, like=x), self.buffer("D", x.shape, like=x)
        np.multiply(x, x, out=y)
        sum_windows(self._flatten_pixels(y), self.windows, out=self._flatten_pixels(D))
        np.multiply(D, self.alpha / self.size, out=D)
        np.add(D, self.k, out=D)
        self._apply_power(x, D, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx, D = self.grad_input_of(x), self.buffer("D", x.shape, like=self.output)
        part, total = self.buffer("part", x.shape, like=dx), self.buffer("total", x.shape, like=dx)
        self._apply_power(dy, D, out=dx)
        with np.errstate(all="ignore"):
            np.multiply(dx, x, out=part)
            np.divide(part, D, out=part)
            sum_windows(self._flatten_pixels(part), self.windows, out=self._flatten_pixels(total))
            np.multiply(total, x, out=total)
            np.multiply(total, -2 * self.alpha * self.beta / self.size, out=total)
            np.add(dx, total, out=dx)
        return dx

    def _apply_power(self, x: Array, D: Array, out: Array) -> None:
        """out ← x D^−beta; not finite where D is 0, which requires k = 0."""
        with np.errstate(all="ignore"):
            np.power(D, -self.beta, out=out)
            np.multiply(x, out, out=out)

    def _flatten_pixels(self, x: Array) -> Array:
        """x as (..., C, h w), with the windows along C."""
        return x.reshape(*x.shape[:-2], -1)
