"""The mean absolute error."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class MAE(RowMean):
    """Σ |y − t| / N, in the units of the target; the mean over its columns."""

    name = "mae"
    tasks = ("regression",)
    takes = "numbers"
    higher_is_better = False

    def compute_terms(self, y: Array, t: Array) -> Array:
        return np.abs(y - t)
