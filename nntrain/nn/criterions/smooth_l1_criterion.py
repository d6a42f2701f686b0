"""L = Σ l(x − t) / n, l quadratic near 0 and linear beyond 1."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class SmoothL1Criterion(PointwiseCriterion):
    """L = Σ l(d) / n, d = x − t, l = d²/2 where |d| < 1, |d| − 1/2 elsewhere;  dx = clip(d, −1, 1) / n.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements
    Source: torch/nn, SmoothL1Criterion.lua; Girshick, "Fast R-CNN", 2015, eq. 3.
    """

    def value(self, x: Array, t: Array, out: Array) -> None:
        # With c = min(|d|, 1): l = (2 |d| − c) c / 2, which is d²/2 below 1 and |d| − 1/2 above.
        c = self.buffer("c", x.shape, like=x)
        np.subtract(x, t, out=out)
        np.abs(out, out=out)
        np.minimum(out, 1, out=c)
        np.add(out, out, out=out)
        np.subtract(out, c, out=out)
        np.multiply(out, c, out=out)
        np.multiply(out, 0.5, out=out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.subtract(x, t, out=out)
        np.clip(out, -1, 1, out=out)
