"""L = Σ log(1 + exp(X − Y)) / N."""

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.bases.difference_criterion import DifferenceCriterion
from nntrain.nn.functional import sigmoid, softplus


class DistanceRatioCriterion(DifferenceCriterion):
    """L = −Σ log r / N, r = exp(−X) / (exp(−X) + exp(−Y)), x = [X, Y];  dX = (1 − r) / N, dY = (r − 1) / N.

    X are distances to a similar sample, Y to a dissimilar one; there is no target.

    Shapes:
        x [X, Y], both (N, ...); N is the size of the first axis, or 1 unless size_average
    Errors: ShapeError if X and Y differ in shape.
    Source: torch/nn, DistanceRatioCriterion.lua, where large distances underflow.
    """

    mutable_arguments = ("size_average",)

    def __init__(self, size_average: bool = True) -> None:
        self.size_average = size_average

    # −log r = log(1 + exp d), d = X − Y

    def value(self, d: Array, t: Value) -> float:
        softplus(d, d, self.buffer("scratch", d.shape, like=d))
        return float(d.sum()) / self.get_divisor(len(d) if d.ndim else 1)

    def derivative(self, d: Array, t: Value) -> None:
        sigmoid(d, d)
        np.multiply(d, 1 / self.get_divisor(len(d) if d.ndim else 1), out=d)
