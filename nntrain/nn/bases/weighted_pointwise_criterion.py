"""The base of elementwise losses with class weights."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.class_criterion import to_class_weights
from nntrain.nn.bases.pointwise_criterion import PointwiseCriterion


class WeightedPointwiseCriterion(PointwiseCriterion):
    """L = Σ w l(x, t) / n;  dx = w l'(x, t) / n;  n = x.size, or 1 unless size_average.

    A subclass calls ``apply_class_weights`` at the end of ``value`` and ``derivative``. With weights (C,), x is (C,)
    or (N, C).
    """

    def __init__(self, weights: Sequence[float] | Array | None = None, size_average: bool = True) -> None:
        super().__init__(size_average)
        self.weights = to_class_weights(self, weights)

    def align_target(self, x: Array, t: Array) -> Array:
        if self.weights is not None and (x.ndim > 2 or x.shape[-1:] != self.weights.shape):
            classes = len(self.weights)
            raise self.shape_error(f"an input of shape ({classes},) or (N, {classes}), as the weights", x)
        return super().align_target(x, t)

    def apply_class_weights(self, out: Array) -> None:
        """out ← w out."""
        if self.weights is not None:
            np.multiply(out, self.weights, out=out)
