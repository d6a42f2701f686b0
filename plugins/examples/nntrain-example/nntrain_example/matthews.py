"""The correlation between predicted and true classes."""

import numpy as np

from nntrain.nn import Array
from nntrain.training import Metric

__all__ = ["Matthews"]


class Matthews(Metric):
    """(c s − Σ pₖ tₖ) / √((s² − Σ pₖ²) (s² − Σ tₖ²)): 1 is perfect, 0 no better than chance.

    c of s rows are correct, pₖ are predicted as class k, and tₖ belong to it. 0 if all rows belong to, or are
    predicted as, one class.
    Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
    """

    name = "matthews"
    tasks = ("classification",)
    takes = "labels"
    state_names = ("correct", "predicted", "true")

    def clear(self) -> None:
        self.correct = 0.0
        self.predicted = np.zeros(len(self.labels))
        self.true = np.zeros(len(self.labels))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.correct += float(self.sum_terms((y == t).astype(float), weights))
        for counts, labels in ((self.predicted, y), (self.true, t)):
            counts += np.bincount(labels, weights, minlength=len(counts))

    def compute(self) -> float:
        s = self.true.sum()
        spread = (s**2 - self.predicted @ self.predicted) * (s**2 - self.true @ self.true)
        return float((self.correct * s - self.predicted @ self.true) / np.sqrt(spread)) if spread > 0 else 0.0
