"""A quadratic function to minimize, which checks its caller."""

import numpy as np
from numpy.typing import DTypeLike

from nntrain.compute.array import Array
from nntrain.nn.testing.check_failed import CheckFailed

# The curvature along each axis, and the minimum.
CURVATURE = np.array([1.0, 2.0, 0.5, 1.5, 3.0])
MINIMUM = np.array([0.5, -1.0, 0.25, 0.0, 1.0])


def build_start(dtype: DTypeLike = "float64") -> Array:
    """Return the starting point."""
    return np.array([2.0, 1.5, -2.0, 1.0, -1.0], dtype)


class QuadraticObjective:
    """½ Σ c (w − b)², its gradient always in the same memory; CheckFailed if that, or w, is replaced or changed."""

    def __init__(self, w: Array) -> None:
        self.w = w
        self.curvature, self.minimum = CURVATURE.astype(w.dtype), MINIMUM.astype(w.dtype)
        self.gradient = np.zeros_like(w)
        self.last_gradient = self.gradient.copy()

    def __call__(self, w: Array) -> tuple[float, Array]:
        if w is not self.w:
            raise CheckFailed("the objective: expected w itself, got another array; change w in place")
        self.check_gradient_unchanged()
        np.subtract(w, self.minimum, out=self.gradient)
        loss = float((self.curvature * self.gradient**2).sum()) / 2
        np.multiply(self.gradient, self.curvature, out=self.gradient)
        self.last_gradient = self.gradient.copy()
        return loss, self.gradient

    def check_gradient_unchanged(self) -> None:
        """CheckFailed if the gradient has changed since the last call."""
        if self.gradient.tobytes() != self.last_gradient.tobytes():
            raise CheckFailed(f"the gradient: expected {self.last_gradient.tolist()}, got {self.gradient.tolist()}")
