"""The fraction of correct predictions."""

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class Accuracy(RowMean):
    """Σ [y = t] / N; for a row with several labels, the fraction of correct labels."""

    name = "accuracy"
    tasks = ("classification", "multilabel")
    takes = "labels"

    def compute_terms(self, y: Array, t: Array) -> Array:
        return y == t
