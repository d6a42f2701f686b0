"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.remembered import remembered
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
        self.begin()

    def begin(self) -> None:
        """Forget all rows."""
        self.loss = 0.0
        self.mass = 0.0
        self._kept: list[tuple[Array, Array]] = []
        self._kept_size = 0
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
        if self.metrics:
            self._kept.append((y.copy(), t.copy()))
            self._kept_size += y.size
            if self._kept_size >= TOGETHER:
                self._judge_kept()

    def _judge_kept(self) -> None:
        if self._kept:
            y, t = (np.concatenate(batches) for batches in zip(*self._kept, strict=True))
            self._kept, self._kept_size = [], 0
            self._judge(y, t, None)

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
        known = remembered(state, {"loss": float, "mass": float, "metrics": dict}, "board")
        self.loss, self.mass = known["loss"], known["mass"]
        kept = remembered(known["metrics"], {metric.key: dict for metric in self.metrics}, "board")
        for metric in self.metrics:
            metric.restore(kept[metric.key])
