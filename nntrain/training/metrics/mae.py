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

    def summed(self, y: Array, t: Array) -> float:
        return float(np.abs(y - t).mean(axis=1).sum())

    def value(self) -> float:
        return float(self.sums[0]) / max(self.rows, 1)
