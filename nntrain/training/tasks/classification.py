"""The task of predicting a class."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.targets.class_target import ClassTarget
from nntrain.nn.functional import sigmoid, softmax
from nntrain.training.metrics.metric import PredictionForm
from nntrain.training.tasks.task import Task
from nntrain.training.tasks.threshold import DEFAULT_THRESHOLD, is_above_threshold


class Classification(Task):
    """Outputs (N, C), one for each class; or (N, 1), for the second of two, with a criterion such as BCECriterion.

    The criterion's ``output_form`` defines how probabilities follow from them.
    """

    target: ClassTarget
    output_forms = ("logits", "log_probabilities", "probabilities")

    @property
    def positive(self) -> str | None:
        return self.target.positive

    @property
    def output_count(self) -> int:
        return 1 if self.is_binary else len(self.target.labels)

    @property
    def is_binary(self) -> bool:
        """Whether one output decides between two classes."""
        return self.criterion.is_pointwise and self.output_form != "log_probabilities" and len(self.target.labels) == 2

    @property
    def threshold_count(self) -> int:
        return 1 if len(self.target.labels) == 2 else 0

    def get_decision_rule(self) -> dict[str, Any]:
        if not self.threshold_count:
            return {}
        return {
            "positive": self.target.labels[1],
            "threshold": DEFAULT_THRESHOLD if self.threshold is None else self.threshold,
        }

    def get_default_metrics(self) -> list[str]:
        return ["accuracy", "roc_auc"] if len(self.target.labels) == 2 else ["accuracy"]

    def to_criterion_targets(self, t: Array) -> Array:
        return t.reshape(-1, 1).astype(np.float32) if self.is_binary else t

    def to_metric_predictions(self, y: Array, form: PredictionForm) -> Array:
        return self.predict_labels(y) if form == "labels" else self.predict_probabilities(y)

    def to_metric_targets(self, t: Array) -> Array:
        return t.reshape(-1)

    def predict_labels(self, y: Array) -> Array:
        """Return the most probable class of each row; the second of two if its probability is above the threshold."""
        outputs = self.criterion.to_output_form(y)
        if self.is_binary:
            likely = (outputs[:, 0] > (0.5 if self.output_form == "probabilities" else 0)).astype(np.int64)
        else:
            likely = outputs.argmax(axis=1)
        if self.threshold is None:
            return likely
        return is_above_threshold(self.predict_probabilities(y)[:, 1], self.threshold, likely > 0).astype(np.int64)

    def predict_probabilities(self, y: Array) -> Array:
        """Return the probability of each class (N, C), from log-probabilities, logits or probabilities."""
        y = self.criterion.to_output_form(y)
        if self.output_form == "log_probabilities":
            return np.exp(y)
        if self.output_form == "logits":
            p = np.empty_like(y)
            sigmoid(y, p) if self.is_binary else softmax(y, 1, p)
            y = p
        return np.concatenate([1 - y, y], axis=1) if self.is_binary else y

    def build_prediction_columns(self, y: Array) -> dict[str, Array]:
        p = self.predict_probabilities(y).astype(np.float64)
        columns = {self.target.name: self.target.decode(self.predict_labels(y))}
        return columns | {f"p({label})": p[:, index] for index, label in enumerate(self.target.labels)}
