"""The share of rows whose class is right."""

from __future__ import annotations

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["Accuracy"]


class Accuracy(Metric):
    """Σ [y = t] / N, of labels."""

    name = "accuracy"

    def summed(self, y: Array, t: Array, weights: Array | None) -> float:
        return self.total(y == t, weights)

    def value(self) -> float:
        return float(self.sums[0]) / (self.rows or 1)
