"""The task of predicting numbers."""

from __future__ import annotations

from nntrain.data.number_target import NumberTarget
from nntrain.nn.array import Array
from nntrain.training.metrics.mae import MAE
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.r2 import R2
from nntrain.training.metrics.rmse import RMSE
from nntrain.training.task import Task

__all__ = ["Regression"]


class Regression(Task):
    """Outputs (N, k), the standardised targets."""

    def __init__(self, target: NumberTarget) -> None:
        self.target = target

    @property
    def outputs(self) -> int:
        return len(self.target.mean)

    def metrics(self) -> list[Metric]:
        return [R2(), RMSE(), MAE()]

    def fitted(self, t: Array) -> Array:
        return t

    def judged(self, y: Array, t: Array) -> tuple[Array, Array]:
        return self.target.decode(y), self.target.decode(t)

    def predictions(self, y: Array) -> dict[str, list[object]]:
        values = self.target.decode(y)
        return {label: values[:, index].tolist() for index, label in enumerate(self.target.labels)}
