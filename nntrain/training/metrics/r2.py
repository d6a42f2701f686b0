"""The coefficient of determination."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.variance_ratio import VarianceRatio


class R2(VarianceRatio):
    """1 − Σ (t − y)² / Σ (t − mean t)²; the mean over columns. 1 is perfect, 0 is the score of the mean of t."""

    name = "r2"

    def compute_unexplained(self, bias: Array, spread: Array) -> Array:
        return spread + self.rows * np.square(bias)
