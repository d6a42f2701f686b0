"""L = Σ t (log t − x) / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class DistKLDivCriterion(PointwiseCriterion):
    """L = Σ t (log t − x) / n over t > 0;  dx = −t/n where t > 0, 0 elsewhere;  n = x.size, or 1 unless size_average.

    Shapes:
        x any, log-probabilities; t as many elements, probabilities
    Source: torch/nn, DistKLDivCriterion.lua. The mean is over elements, not over rows.
    """

    output_form = "log_probabilities"

    def value(self, x: Array, t: Array, out: Array) -> None:
        counts = self.buffer("counts", x.shape, like=x, dtype=bool)
        np.greater(t, 0, out=counts)
        out[...] = 0
        np.log(t, out=out, where=counts)
        np.subtract(out, x, out=out, where=counts)
        np.multiply(out, t, out=out, where=counts)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.maximum(t, 0, out=out)
        np.negative(out, out=out)
