"""L = (Σ x where t = 1, + Σ max(0, margin − x) where t = -1) / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.margin_pointwise_criterion import MarginPointwiseCriterion
from nntrain.nn.criterion import to_signs


class HingeEmbeddingCriterion(MarginPointwiseCriterion):
    """L = Σ l / n, l = x where t = 1, max(0, margin − x) where t = -1;  dx = t/n, but 0 where t = -1 and x > margin.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, distances; t as many elements of 1 (similar) or -1, a number for a single distance
    Errors: ShapeError for other targets.
    Source: torch/nn, HingeEmbeddingCriterion.lua. At x = margin the gradient is -1/n.
    """

    def align_target(self, x: Array, t: Array) -> Array:
        return to_signs(self, t, x.size).reshape(x.shape)

    def value(self, x: Array, t: Array, out: Array) -> None:
        np.subtract(self.margin, x, out=out)
        np.maximum(out, 0, out=out)
        np.copyto(out, x, where=t > 0)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        # 1 if the distance is within the margin or the pair is similar
        np.less_equal(x, self.margin, out=out)
        np.maximum(out, t, out=out)
        np.multiply(out, t, out=out)
