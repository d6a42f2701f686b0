"""L = Σ (x − w t)² / n."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterions.mse_criterion import MSECriterion


class WeightedMSECriterion(MSECriterion):
    """L = Σ (x − w t)² / n;  dx = 2 (x − w t) / n;  n = x.size, or 1 unless size_average.

    Shapes:
        x any, t as many elements, weights in the shape of x or of one sample, x.shape[1:]
    Errors: ShapeError if the shape of x does not match the weights.
    Source: torch/nn, WeightedMSECriterion.lua. The weights multiply the target, not the error.
    """

    def __init__(self, weights: Sequence[float] | Array, size_average: bool = True) -> None:
        super().__init__(size_average)
        self.weights = np.array(weights, np.float64)

    def align_target(self, x: Array, t: Array) -> Array:
        if self.weights.shape not in (x.shape, x.shape[1:]):
            raise self.shape_error(f"an input of the weights' shape {self.weights.shape}, or a batch of those", x)
        scaled = self.buffer("w t", x.shape, like=x)
        np.multiply(self.weights, super().align_target(x, t), out=scaled)
        return scaled
