"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["Scoreboard"]


class Scoreboard:
    """The loss, averaged over rows, and the metrics, summed up over batches."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = list(metrics)
        self.loss = 0.0
        self.rows = 0

    def update(self, loss: float, y: Array, t: Array) -> None:
        """Add a batch: its mean loss, its predictions and its targets, in the form the metrics take."""
        self.loss += loss * len(t)
        self.rows += len(t)
        for metric in self.metrics:
            metric.update(y, t)

    def values(self) -> dict[str, float]:
        """Every score by name, the loss first."""
        return {"loss": self.loss / max(self.rows, 1)} | {metric.name: metric.value() for metric in self.metrics}

    def state(self) -> dict[str, Any]:
        """The sums so far, so that an epoch can be left in its middle."""
        return {
            "loss": self.loss,
            "rows": self.rows,
            "metrics": {metric.name: metric.state() for metric in self.metrics},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        self.loss, self.rows = float(state["loss"]), int(state["rows"])
        for metric in self.metrics:
            metric.restore(state["metrics"][metric.name])
