"""The difference between confidence and accuracy."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric


class CalibrationError(Metric):
    """Σ_b |Σ_{i in b} (pᵢ − [yᵢ = tᵢ])| / N: the expected calibration error.

    p is the probability of the predicted class y; bin b of ``bins`` bins of equal width has p in (b / bins,
    (b + 1) / bins].
    """

    name = "calibration_error"
    tasks = ("classification",)
    takes = "probabilities"
    higher_is_better = False
    state_names = ("rows", "gaps")

    def __init__(self, bins: int = 15) -> None:
        self.require(bins >= 1, f"expected bins of at least 1, got {bins}")
        self.bins = bins

    def clear(self) -> None:
        self.rows = 0.0
        self.gaps = np.zeros(self.bins)

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        confidence = y.max(axis=1).astype(np.float64)
        gaps = confidence - (y.argmax(axis=1) == t)
        if weights is not None:
            gaps *= weights
        # NaN has no bin; in any bin it makes the score NaN.
        edges = np.nan_to_num(np.ceil(confidence * self.bins), nan=1.0)
        bins = np.clip(edges.astype(np.intp) - 1, 0, self.bins - 1)
        self.rows += self.sum_weights(t, weights)
        self.gaps += np.bincount(bins, gaps, self.bins)

    def compute(self) -> float:
        return float(np.abs(self.gaps).sum() / (self.rows or np.nan))
