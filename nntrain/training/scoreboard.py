"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nntrain.nn.array import Array
from nntrain.nn.remembered import remembered
from nntrain.training.metrics.metric import Metric
from nntrain.training.task import Task

__all__ = ["Scoreboard"]


class Scoreboard:
    """The loss, averaged over rows, and the metrics, each given the predictions in the form that it takes."""

    def __init__(self, task: Task, metrics: Sequence[Metric]) -> None:
        self.task = task
        self.metrics = list(metrics)
        self.forms = list(dict.fromkeys(metric.takes for metric in metrics))
        self.begin()

    def begin(self) -> None:
        """Forget all rows."""
        self.loss = 0.0
        self.mass = 0.0
        for metric in self.metrics:
            metric.begin(self.task.target.task, self.task.target.labels)

    def update(self, loss: float, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch: its mean loss, the outputs of the network and the encoded targets.

        ``weights``: how much each row counts; None: all the same.
        """
        mass = Metric.mass(t, weights)
        self.loss += loss * mass
        self.mass += mass
        if self.metrics:
            truths = self.task.truths(t)
            judged = {form: self.task.judged(y, form) for form in self.forms}
            for metric in self.metrics:
                metric.update(judged[metric.takes], truths, weights)

    def values(self) -> dict[str, Any]:
        """Every score by its key, the loss first."""
        return {"loss": self.loss / (self.mass or 1)} | {metric.key: metric.value() for metric in self.metrics}

    def higher_is_better(self, key: str) -> bool:
        """Which way a score goes."""
        return {metric.key: metric.higher_is_better for metric in self.metrics}.get(key, False)

    def state(self) -> dict[str, Any]:
        """The sums so far, so that an epoch can be left in its middle."""
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
