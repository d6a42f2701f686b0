"""The base of metrics that are computed from counts for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType


class ClassCounts(Metric):
    """Of each class or label c: ``hits`` Σ w [y = t = c], ``predicted`` Σ w [y = c], ``actual`` Σ w [t = c]."""

    tasks: ClassVar[tuple[TaskType, ...]] = ("classification", "multilabel")
    takes = "labels"
    state_names: ClassVar[tuple[str, ...]] = ("hits", "predicted", "actual")

    def clear(self) -> None:
        self.hits, self.predicted, self.actual = np.zeros((3, len(self.labels)))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        if t.ndim == 2:
            self.hits = self.hits + self.sum_terms(y & t, weights)
            self.predicted = self.predicted + self.sum_terms(y, weights)
            self.actual = self.actual + self.sum_terms(t, weights)
        else:
            right = y == t
            self.hits = self.hits + self.count_classes(t[right], None if weights is None else weights[right])
            self.predicted = self.predicted + self.count_classes(y, weights)
            self.actual = self.actual + self.count_classes(t, weights)

    def count_classes(self, classes: Array, weights: Array | None) -> Array:
        """Return the weighted count of each class."""
        return np.bincount(classes, weights, len(self.labels))

    @property
    def occurring(self) -> Array:
        """Whether each class occurs among targets or predictions; means exclude the others."""
        return self.predicted + self.actual > 0
