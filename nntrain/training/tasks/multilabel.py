"""The task of predicting the labels of a row."""

import math
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.targets.label_target import LabelTarget
from nntrain.nn.functional import sigmoid
from nntrain.nn.output_form import OutputForm
from nntrain.training.metrics.metric import PredictionForm
from nntrain.training.tasks.task import Task
from nntrain.training.tasks.threshold import DEFAULT_THRESHOLD, is_above_threshold

# The output at which the probability of a label is one half.
DECISION_BOUNDARIES: dict[OutputForm, float] = {"logits": 0.0, "log_probabilities": math.log(0.5), "probabilities": 0.5}


class Multilabel(Task):
    """Outputs (N, L), one for each label: its probability, log-probability or logit.

    The criterion's ``output_form`` defines which. A label is predicted if its probability is above the threshold,
    default: one half.
    """

    target: LabelTarget
    output_forms = tuple(DECISION_BOUNDARIES)

    @property
    def output_count(self) -> int:
        return len(self.target.labels)

    @property
    def threshold_count(self) -> int:
        return len(self.target.labels)

    def get_decision_rule(self) -> dict[str, Any]:
        given = DEFAULT_THRESHOLD if self.threshold is None else self.threshold
        limits = given if isinstance(given, list) else [given] * len(self.target.labels)
        return {"threshold": dict(zip(self.target.labels, limits, strict=True))}

    def get_default_metrics(self) -> list[str]:
        return ["accuracy", "exact_match", "f1"]

    def to_metric_predictions(self, y: Array, form: PredictionForm) -> Array:
        return self.predict_labels(y) if form == "labels" else self.predict_probabilities(y)

    def to_metric_targets(self, t: Array) -> Array:
        return t > 0.5

    def predict_labels(self, y: Array) -> Array:
        """Whether each row has each label (N, L)."""
        likely = self.criterion.to_output_form(y) > DECISION_BOUNDARIES[self.output_form]
        if self.threshold is None:
            return likely
        return is_above_threshold(self.predict_probabilities(y), self.threshold, likely)

    def predict_probabilities(self, y: Array) -> Array:
        """Return the probability of each label (N, L)."""
        y = self.criterion.to_output_form(y)
        if self.output_form == "probabilities":
            return y
        if self.output_form == "log_probabilities":
            return np.exp(y)
        p = np.empty_like(y)
        sigmoid(y, p)
        return p

    def build_prediction_columns(self, y: Array) -> dict[str, Array]:
        p = self.predict_probabilities(y).astype(np.float64)
        columns = self.target.decode(self.predict_labels(y))
        return columns | {f"p({label})": p[:, index] for index, label in enumerate(self.target.labels)}
