"""The task of predicting which labels a row has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.label_target import LabelTarget
from nntrain.nn.criterion import Criterion
from nntrain.nn.functional import sigmoid
from nntrain.nn.output_form import OutputForm
from nntrain.training.metrics.metric import Takes
from nntrain.training.reading import require_form
from nntrain.training.task import Task
from nntrain.training.threshold import USUAL, exceeds

__all__ = ["Multilabel"]

# What an output is where the probability of a label is a half.
HALVES: dict[OutputForm, float] = {"logits": 0.0, "log_probabilities": math.log(0.5), "probabilities": 0.5}


class Multilabel(Task):
    """Outputs (N, L), one for each label: its probability, the logarithm of it, or a score whose sigmoid it is.

    The criterion's ``output_form`` says which. A label is predicted where its probability is above a half, or above
    the threshold.
    """

    def __init__(self, target: LabelTarget, criterion: Criterion) -> None:
        self.target = target
        self.criterion = criterion
        self.form = require_form(criterion, target, *HALVES)

    @property
    def outputs(self) -> int:
        return len(self.target.labels)

    @property
    def thresholds(self) -> int:
        return len(self.target.labels)

    def decision(self) -> dict[str, Any]:
        given = USUAL if self.threshold is None else self.threshold
        limits = given if isinstance(given, list) else [given] * len(self.target.labels)
        return {"threshold": dict(zip(self.target.labels, limits, strict=True))}

    def usual_metrics(self) -> list[str]:
        return ["accuracy", "exact_match", "f1"]

    def fitted(self, t: Array) -> Array:
        return t

    def judged(self, y: Array, form: Takes) -> Array:
        return self.indicators(y) if form == "labels" else self.probabilities(y)

    def truths(self, t: Array) -> Array:
        return t > 0.5

    def indicators(self, y: Array) -> Array:
        """(N, L): whether each row has each label."""
        likely = self.criterion.to_output_form(y) > HALVES[self.form]
        return likely if self.threshold is None else exceeds(self.probabilities(y), self.threshold, likely)

    def probabilities(self, y: Array) -> Array:
        """(N, L): of each label in each row."""
        y = self.criterion.to_output_form(y)
        if self.form == "probabilities":
            return y
        if self.form == "log_probabilities":
            return np.exp(y)
        p = np.empty_like(y)
        sigmoid(y, p)
        return p

    def predictions(self, y: Array) -> dict[str, list[object]]:
        p = self.probabilities(y)
        columns: dict[str, list[object]] = {
            name: list(values) for name, values in self.target.decode(self.indicators(y)).items()
        }
        return columns | {f"p({label})": p[:, index].tolist() for index, label in enumerate(self.target.labels)}
