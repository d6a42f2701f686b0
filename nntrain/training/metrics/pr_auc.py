"""The area under the precision-recall curve."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.ranking_metric import RankingMetric


class PRAUC(RankingMetric):
    """Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds n, descending, with recall R and precision P: average precision."""

    name = "pr_auc"

    def compute_area(self, positives: Array, negatives: Array) -> float:
        hits, all_ = np.cumsum(positives[::-1]), np.cumsum((positives + negatives)[::-1])
        precision = np.divide(hits, all_, out=np.zeros_like(hits), where=all_ > 0)
        return float(np.dot(positives[::-1], precision) / hits[-1])
