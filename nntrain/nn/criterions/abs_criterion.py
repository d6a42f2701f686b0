"""L = Σ |x − t| / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class AbsCriterion(PointwiseCriterion):
    """L = Σ |x − t| / n;  dx = 1/n where x ≥ t, −1/n elsewhere;  n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements
    Source: torch/nn, AbsCriterion.lua. At x = t the gradient is 1/n, not 0.
    """

    def value(self, x: Array, t: Array, out: Array) -> None:
        np.subtract(x, t, out=out)
        np.abs(out, out=out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.greater_equal(x, t, out=out)
        np.multiply(out, 2, out=out)
        np.subtract(out, 1, out=out)
