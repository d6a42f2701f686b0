"""The confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric, to_integer_if_whole

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType


class ConfusionMatrixMetric(Metric):
    """{class c: {class d: Σ w [t = c, y = d]}}: a row for each true class, a column for each predicted one."""

    name = "confusion_matrix"
    tasks = ("classification",)
    takes = "labels"
    is_scalar = False
    state_names: ClassVar[tuple[str, ...]] = ("matrix",)

    def reset(self, task: TaskType, labels: Sequence[str]) -> None:
        super().reset(task, labels)
        self.matrix = np.zeros((len(labels), len(labels)))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        classes = len(self.labels)
        self.matrix += np.bincount(t * classes + y, weights, classes * classes).reshape(self.matrix.shape)

    def compute(self) -> dict[str, dict[str, float]]:
        rows = zip(self.labels, self.matrix, strict=True)
        return {label: dict(zip(self.labels, map(to_integer_if_whole, row), strict=True)) for label, row in rows}
