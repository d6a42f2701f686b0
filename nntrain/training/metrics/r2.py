"""The share of the target's variance that is explained."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["R2"]


class R2(Metric):
    """1 − Σ (t − y)² / Σ (t − mean t)², over all columns of the target together; 0 if t is constant."""

    name = "r2"
    terms = 4

    def summed(self, y: Array, t: Array, weights: Array | None) -> Array:
        terms = (np.square(t - y), t, np.square(t), np.ones_like(t))
        return np.array([self.total(term.sum(axis=1), weights) for term in terms])

    def value(self) -> float:
        residual, total, squares, count = (float(term) for term in self.sums)
        spread = squares - total * total / (count or 1)
        return 1 - residual / spread if spread > 0 else 0.0
