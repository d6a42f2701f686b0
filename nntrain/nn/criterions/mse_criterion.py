"""L = Σ (x − t)² / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class MSECriterion(PointwiseCriterion):
    """L = Σ (x − t)² / n;  dx = 2 (x − t) / n;  n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements
    Source: torch/nn, MSECriterion.lua.
    """

    def value(self, x: Array, t: Array, out: Array) -> None:
        np.subtract(x, t, out=out)
        np.square(out, out=out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.subtract(x, t, out=out)
        np.multiply(out, 2, out=out)
