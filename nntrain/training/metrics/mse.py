"""The mean squared error."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class MSE(RowMean):
    """Σ (y − t)² / N, in the squared units of the target; the mean over its columns."""

    name = "mse"
    tasks = ("regression",)
    takes = "numbers"
    higher_is_better = False

    def compute_terms(self, y: Array, t: Array) -> Array:
        return np.square(y - t)
