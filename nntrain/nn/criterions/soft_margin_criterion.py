"""L = Σ log(1 + exp(−x t)) / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion
from nntrain.nn.criterion import to_signs
from nntrain.nn.functional import sigmoid, softplus


class SoftMarginCriterion(PointwiseCriterion):
    """L = Σ log(1 + exp(−x t)) / n;  dx = −t / (1 + exp(x t)) / n;  n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements of 1 or -1
    Errors: ShapeError for another number of elements, or targets other than 1 and -1.
    Source: torch/nn, SoftMarginCriterion.lua, where large −x t overflow.
    """

    output_form = "logits"

    def align_target(self, x: Array, t: Array) -> Array:
        return to_signs(self, t, x.size).reshape(x.shape)

    def value(self, x: Array, t: Array, out: Array) -> None:
        np.multiply(x, t, out=out)
        np.negative(out, out=out)
        softplus(out, out, self.buffer("scratch", x.shape, like=x))

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        np.multiply(x, t, out=out)
        np.negative(out, out=out)
        sigmoid(out, out)
        np.multiply(out, t, out=out)
        np.negative(out, out=out)
