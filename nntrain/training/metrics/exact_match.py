"""The fraction of rows whose labels are all correct."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class ExactMatch(RowMean):
    """Σ [yₗ = tₗ for every label l] / N."""

    name = "exact_match"
    tasks = ("multilabel",)
    takes = "labels"

    def compute_terms(self, y: Array, t: Array) -> Array:
        return np.all(y == t, axis=1)
