"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["Scoreboard"]


class Scoreboard:
    """The loss, averaged over rows, and the metrics, summed up over batches."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = list(metrics)
        self.loss = 0.0
        self.mass = 0.0

    def update(self, loss: float, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch: its mean loss, its predictions and its targets, in the form the metrics take.

        ``weights``: how much each row counts; None: all the same.
        """
        mass = len(t) if weights is None else float(weights.sum(dtype=np.float64))
        self.loss += loss * mass
        self.mass += mass
        for metric in self.metrics:
            metric.update(y, t, weights)

    def values(self) -> dict[str, float]:
        """Every score by name, the loss first."""
        return {"loss": self.loss / (self.mass or 1)} | {metric.name: metric.value() for metric in self.metrics}

    def state(self) -> dict[str, Any]:
        """The sums so far, so that an epoch can be left in its middle."""
        return {
            "loss": self.loss,
            "mass": self.mass,
            "metrics": {metric.name: metric.state() for metric in self.metrics},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        self.loss, self.mass = float(state["loss"]), float(state["mass"])
        for metric in self.metrics:
            metric.restore(state["metrics"][metric.name])
