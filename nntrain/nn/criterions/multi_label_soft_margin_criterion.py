"""L = −Σ w (t log s + (1 − t) log(1 − s)) / n, s = sigmoid(x)."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.weighted_pointwise_criterion import WeightedPointwiseCriterion
from nntrain.nn.functional import sigmoid


class MultiLabelSoftMarginCriterion(WeightedPointwiseCriterion):
    """L = −Σ w (t log s + (1 − t) log(1 − s)) / n, s = 1 / (1 + exp(−x));  dx = w (s − t) / n.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements in [0, 1]; with weights (C,): x (C,) or (N, C)
    Errors: ShapeError if the shape of x does not match the weights; ArgumentError for negative weights.
    Source: torch/nn, MultiLabelSoftMarginCriterion.lua. Accurate for scores of any size, unlike Sigmoid
    followed by BCECriterion.
    """

    output_form = "logits"

    def value(self, x: Array, t: Array, out: Array) -> None:
        # log(1 + exp(−|x|)) + x ([x ≥ 0] − t)
        straight = self.buffer("scratch", x.shape, like=x)
        np.greater_equal(x, 0, out=straight)
        np.subtract(straight, t, out=straight)
        np.multiply(straight, x, out=straight)
        np.copysign(x, -1, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        np.add(out, straight, out=out)
        self.apply_class_weights(out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        sigmoid(x, out)
        np.subtract(out, t, out=out)
        self.apply_class_weights(out)
