"""The share of rows whose class is right."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["Accuracy"]


class Accuracy(Metric):
    """Σ [y = t] / N, of labels."""

    name = "accuracy"

    def summed(self, y: Array, t: Array) -> float:
        return float(np.count_nonzero(y == t))

    def value(self) -> float:
        return float(self.sums[0]) / max(self.rows, 1)
