"""The root of the mean squared error."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["RMSE"]


class RMSE(Metric):
    """√(Σ (y − t)² / N), in the units of the target, averaged over the target's columns under the root."""

    name = "rmse"
    higher_is_better = False

    def summed(self, y: Array, t: Array, weights: Array | None) -> float:
        return self.total(np.square(y - t).mean(axis=1), weights)

    def value(self) -> float:
        return float(np.sqrt(self.sums[0] / (self.rows or 1)))
