"""The mean absolute error."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["MAE"]


class MAE(Metric):
    """Σ |y − t| / N, in the units of the target, averaged over the target's columns."""

    name = "mae"
    higher_is_better = False

    def summed(self, y: Array, t: Array, weights: Array | None) -> float:
        return self.total(np.abs(y - t).mean(axis=1), weights)

    def value(self) -> float:
        return float(self.sums[0]) / (self.rows or 1)
