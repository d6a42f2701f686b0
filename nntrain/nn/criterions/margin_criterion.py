"""L = Σ max(0, margin − x t) / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.margin_pointwise_criterion import MarginPointwiseCriterion


class MarginCriterion(MarginPointwiseCriterion):
    """L = Σ max(0, margin − x t) / n;  dx = −t/n where x t < margin, 0 elsewhere.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements of 1 or -1
    Source: torch/nn, MarginCriterion.lua. At x t = margin the gradient is 0.
    """

    def value(self, x: Array, t: Array, out: Array) -> None:
        np.multiply(x, t, out=out)
        np.subtract(self.margin, out, out=out)
        np.maximum(out, 0, out=out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.multiply(x, t, out=out)
        np.less(out, self.margin, out=out)
        np.multiply(out, t, out=out)
        np.negative(out, out=out)
