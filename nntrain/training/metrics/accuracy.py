"""The share of what is right."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean

__all__ = ["Accuracy"]


class Accuracy(RowMean):
    """Σ [y = t] / N; of a row with several labels, the share of the labels that are right."""

    name = "accuracy"
    tasks = ("classification", "multilabel")
    takes = "labels"
    is_exact = True

    def compute_terms(self, y: Array, t: Array) -> Array:
        return y == t
