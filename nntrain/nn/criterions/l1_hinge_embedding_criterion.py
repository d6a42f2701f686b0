"""L = D where t = 1, max(0, margin − D) where t = -1, D = Σ |a − b|."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.difference_criterion import DifferenceCriterion
from nntrain.nn.criterion import to_signs


class L1HingeEmbeddingCriterion(DifferenceCriterion):
    """L = D if t = 1, max(0, margin − D) if t = -1, D = Σ |a − b|, x = [a, b];  dx = [t s, −t s], s = sign(a − b).

    With t = -1 the gradient is 0 where D > margin.

    Shapes:
        x [a, b] of one shape, a single pair; t a number or an array of one element
    Errors: ShapeError if a and b differ in shape, or t is not 1 or -1.
    Source: torch/nn, L1HingeEmbeddingCriterion.lua, which draws a random sign for equal elements; here it is 0.
    """

    mutable_arguments = ("margin",)

    def __init__(self, margin: float = 1) -> None:
        self.margin = margin

    def value(self, d: Array, t: Array | float) -> float:
        distance = self.compute_distance(d)
        return distance if self.is_similar(t) else max(0.0, self.margin - distance)

    def derivative(self, d: Array, t: Array | float) -> None:
        similar = self.is_similar(t)
        within = similar or self.compute_distance(d) <= self.margin
        np.sign(d, out=d)
        np.multiply(d, (1 if similar else -1) if within else 0, out=d)

    def compute_distance(self, d: Array) -> float:
        """Return D."""
        terms = self.buffer("terms", d.shape, like=d)
        np.abs(d, out=terms)
        return float(terms.sum())

    def is_similar(self, t: Array | float) -> bool:
        """Whether t is 1."""
        return bool((to_signs(self, t, 1) > 0).all())
