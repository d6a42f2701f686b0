"""The task of predicting numbers."""

from nntrain.compute.array import Array
from nntrain.data.targets.number_target import NumberTarget
from nntrain.training.metrics.metric import PredictionForm
from nntrain.training.tasks.task import Task


class Regression(Task):
    """Outputs (N, k), the standardized targets, in the form that the criterion defines."""

    target: NumberTarget
    output_forms = ("values",)

    @property
    def output_count(self) -> int:
        return len(self.target.mean)

    def get_default_metrics(self) -> list[str]:
        return ["r2", "rmse", "mae"]

    def to_metric_predictions(self, y: Array, form: PredictionForm) -> Array:
        return self.target.decode_predictions(self.criterion.to_output_form(y))

    def to_metric_targets(self, t: Array) -> Array:
        return self.target.decode(t)

    def build_prediction_columns(self, y: Array) -> dict[str, Array]:
        values = self.to_metric_predictions(y, "numbers")
        return {label: values[:, index] for index, label in enumerate(self.target.labels)}
