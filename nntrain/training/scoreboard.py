"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.specs.state_schema import validate_state
from nntrain.training.metrics.metric import Metric
from nntrain.training.task import Task

__all__ = ["Scoreboard"]

# Outputs of the network that are judged together, where it is all one to the metrics which are: 64 KiB.
TOGETHER = 2**14


class Scoreboard:
    """The loss, averaged over rows, and the metrics, each given the predictions in the form that it takes."""

    def __init__(self, task: Task, metrics: Sequence[Metric]) -> None:
        self.task = task
        self.metrics = list(metrics)
        self.forms = list(dict.fromkeys(metric.takes for metric in metrics))
        self.exact = all(metric.exact for metric in metrics)
        self._outputs = self._targets = np.empty(0)
        self.begin()

    def begin(self) -> None:
        """Forget all rows."""
        self.loss = 0.0
        self.mass = 0.0
        self._kept = 0
        for metric in self.metrics:
            metric.begin(self.task.target.task, self.task.target.labels)

    def update(self, loss: float, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch: its mean loss, the outputs of the network and the encoded targets.

        ``weights``: how much each row counts; None: all the same.
        """
        mass = Metric.mass(t, weights)
        self.loss += loss * mass
        self.mass += mass
        if self.exact and weights is None and y.size < TOGETHER:
            self._keep(y, t)
        else:
            self._judge(y, t, weights)

    def _keep(self, y: Array, t: Array) -> None:
        """Judge a small batch later, together with others: a call takes longer than its few rows."""
        if not self.metrics:
            return
        begin, end = self._kept, self._kept + len(y)
        if end > len(self._outputs):
            self._judge_kept()
            self._make_room(y, t)
            begin, end = 0, len(y)
        self._outputs[begin:end], self._targets[begin:end] = y, t
        self._kept = end

    def _make_room(self, y: Array, t: Array) -> None:
        """Memory for as many rows like these as are judged together."""
        rows = TOGETHER * len(y) // y.size
        if len(self._outputs) != rows:
            self._outputs = np.empty((rows, *y.shape[1:]), y.dtype)
            self._targets = np.empty((rows, *t.shape[1:]), t.dtype)

    def _judge_kept(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, 0
            self._judge(self._outputs[:kept], self._targets[:kept], None)

    def _judge(self, y: Array, t: Array, weights: Array | None) -> None:
        truths = self.task.truths(t)
        judged = {form: self.task.judged(y, form) for form in self.forms}
        for metric in self.metrics:
            metric.update(judged[metric.takes], truths, weights)

    def values(self) -> dict[str, Any]:
        """Every score by its key, the loss first."""
        self._judge_kept()
        return {"loss": self.loss / (self.mass or 1)} | {metric.key: metric.value() for metric in self.metrics}

    def higher_is_better(self, key: str) -> bool:
        """Which way a score goes."""
        return {metric.key: metric.higher_is_better for metric in self.metrics}.get(key, False)

    def state(self) -> dict[str, Any]:
        """The sums so far, so that an epoch can be left in its middle."""
        self._judge_kept()
        return {
            "loss": self.loss,
            "mass": self.mass,
            "metrics": {metric.key: metric.state() for metric in self.metrics},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        known = validate_state(state, {"loss": float, "mass": float, "metrics": dict}, "board")
        self.loss, self.mass = known["loss"], known["mass"]
        kept = validate_state(known["metrics"], {metric.key: dict for metric in self.metrics}, "board")
        for metric in self.metrics:
            metric.restore(kept[metric.key])
