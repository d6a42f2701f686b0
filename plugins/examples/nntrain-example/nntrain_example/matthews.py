"""The correlation of what was said with what is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.nn import Array
from nntrain.training import Metric

__all__ = ["Matthews"]


class Matthews(Metric):
    """(c s − Σ pₖ tₖ) / √((s² − Σ pₖ²) (s² − Σ tₖ²)): 1 is perfect, 0 no better than chance.

    c rows are right of s, pₖ were said to be of class k, tₖ are. 0 where all rows are, or were said to be, of one.
    Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
    """

    name = "matthews"
    tasks = ("classification",)
    takes = "labels"
    state_names = ("right", "said", "true")

    def reset(self, task: Any, labels: Sequence[str]) -> None:
        super().reset(task, labels)
        self.right = 0.0
        self.said = np.zeros(len(labels))
        self.true = np.zeros(len(labels))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.right += float(self.sum_terms((y == t).astype(float), weights))
        for counts, labels in ((self.said, y), (self.true, t)):
            counts += np.bincount(labels, weights, minlength=len(counts))

    def compute(self) -> float:
        s = self.true.sum()
        spread = (s**2 - self.said @ self.said) * (s**2 - self.true @ self.true)
        return float((self.right * s - self.said @ self.true) / np.sqrt(spread)) if spread > 0 else 0.0
