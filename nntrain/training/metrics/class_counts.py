"""The base of scores that are made from counts for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric

if TYPE_CHECKING:
    from nntrain.data.target import Task

__all__ = ["ClassCounts"]


class ClassCounts(Metric):
    """Of each class or label c: ``hits`` Σ w [y = t = c], ``predicted`` Σ w [y = c], ``actual`` Σ w [t = c]."""

    tasks: ClassVar[tuple[Task, ...]] = ("classification", "multilabel")
    takes = "labels"
    exact = True
    state_names: ClassVar[tuple[str, ...]] = ("hits", "predicted", "actual")

    def begin(self, task: Task, labels: Sequence[str]) -> None:
        super().begin(task, labels)
        self.hits, self.predicted, self.actual = np.zeros((3, len(labels)))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        if t.ndim == 2:
            self.hits = self.hits + self.total(y & t, weights)
            self.predicted = self.predicted + self.total(y, weights)
            self.actual = self.actual + self.total(t, weights)
        else:
            right = y == t
            self.hits = self.hits + self.counts(t[right], None if weights is None else weights[right])
            self.predicted = self.predicted + self.counts(y, weights)
            self.actual = self.actual + self.counts(t, weights)

    def counts(self, classes: Array, weights: Array | None) -> Array:
        """How often each class occurs."""
        return np.bincount(classes, weights, len(self.labels))

    @property
    def met(self) -> Array:
        """The classes that occur among targets or predictions: no mean is over others."""
        return self.predicted + self.actual > 0
