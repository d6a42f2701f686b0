"""L = Σ max(0, margin − t (a − b)) / N."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.difference_criterion import DifferenceCriterion
from nntrain.nn.criterion import to_signs


class MarginRankingCriterion(DifferenceCriterion):
    """L = Σ max(0, margin − t (a − b)) / N, x = [a, b];  dx = [−t m, t m] / N, m = 1 where t (a − b) ≤ margin, else 0.

    t = 1: a should be greater; t = -1: b should be greater.

    Shapes:
        x [a, b], both (N,) or (N, 1), t (N,), or a number for N = 1; N counts as 1 unless size_average
    Errors: ShapeError if a and b differ in shape, t has another size, or t is not 1 or -1.
    Source: torch/nn, MarginRankingCriterion.lua.
    """

    mutable_arguments = ("margin", "size_average")

    def __init__(self, margin: float = 1, size_average: bool = True) -> None:
        self.margin = margin
        self.size_average = size_average

    def value(self, d: Array, t: Array | float) -> float:
        np.multiply(d, self.to_targets(d, t), out=d)
        np.subtract(self.margin, d, out=d)
        np.maximum(d, 0, out=d)
        return float(d.sum()) / self.get_divisor(d.size)

    def derivative(self, d: Array, t: Array | float) -> None:
        targets = self.to_targets(d, t)
        np.multiply(d, targets, out=d)
        np.less_equal(d, self.margin, out=d)
        np.multiply(d, targets, out=d)
        np.multiply(d, -1 / self.get_divisor(d.size), out=d)

    def to_targets(self, d: Array, t: Array | float) -> Array:
        """Return t in the shape of d."""
        return to_signs(self, t, d.size).reshape(d.shape)
