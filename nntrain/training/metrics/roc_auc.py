"""The area under the receiver operating characteristic."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.ranked_scores import RankedScores

__all__ = ["ROCAUC"]


class ROCAUC(RankedScores):
    """P(p of a positive row > p of a negative row) + P(equal) / 2."""

    name = "roc_auc"

    def area(self, positives: Array, negatives: Array) -> float:
        below = np.cumsum(negatives) - negatives / 2
        return float(np.dot(positives, below) / (positives.sum() * negatives.sum()))
