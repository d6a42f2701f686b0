"""The task of predicting numbers."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.data.number_target import NumberTarget
from nntrain.nn.criterion import Criterion
from nntrain.training.metrics.metric import Takes
from nntrain.training.reading import require_form
from nntrain.training.task import Task

__all__ = ["Regression"]


class Regression(Task):
    """Outputs (N, k), the standardized targets, on the scale on which they are learned, as the criterion reads them."""

    target: NumberTarget

    def __init__(self, target: NumberTarget, criterion: Criterion) -> None:
        self.target = target
        self.criterion = criterion
        require_form(criterion, target, "values")

    @property
    def outputs(self) -> int:
        return len(self.target.mean)

    def usual_metrics(self) -> list[str]:
        return ["r2", "rmse", "mae"]

    def fitted(self, t: Array) -> Array:
        return t

    def judged(self, y: Array, form: Takes) -> Array:
        return self.target.predicted(self.criterion.to_output_form(y))

    def truths(self, t: Array) -> Array:
        return self.target.decode(t)

    def predictions(self, y: Array) -> dict[str, list[object]]:
        values = self.target.predicted(self.criterion.to_output_form(y))
        return {label: values[:, index].tolist() for index, label in enumerate(self.target.labels)}
