"""The confusion matrix."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric, to_integer_if_whole


class ConfusionMatrixMetric(Metric):
    """{class c: {class d: Σ w [t = c, y = d]}}: a row for each true class, a column for each predicted one."""

    name = "confusion_matrix"
    tasks = ("classification",)
    takes = "labels"
    is_scalar = False
    state_names = ("matrix",)

    def clear(self) -> None:
        self.matrix = np.zeros((len(self.labels), len(self.labels)))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        classes = len(self.labels)
        self.matrix += np.bincount(t * classes + y, weights, classes * classes).reshape(self.matrix.shape)

    def compute(self) -> dict[str, dict[str, float]]:
        rows = zip(self.labels, self.matrix, strict=True)
        return {label: dict(zip(self.labels, map(to_integer_if_whole, row), strict=True)) for label, row in rows}
