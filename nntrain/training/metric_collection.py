"""All scores of one pass over rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.streaming.memory_budget import BASE_MEMORY, build_memory_error
from nntrain.specs.state_schema import validate_state
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

__all__ = ["MetricCollection", "check_metric_memory", "check_tuning_memory"]

# Outputs of the network that are judged together, where it is all one to the metrics which are: 64 KiB.
BUFFER_SIZE = 2**14


class MetricCollection:
    """The loss, averaged over rows, and the metrics, each given the predictions in the form that it takes."""

    def __init__(self, task: Task, metrics: Sequence[Metric]) -> None:
        self.task = task
        self.metrics = list(metrics)
        self.prediction_forms = list(dict.fromkeys(metric.takes for metric in metrics))
        self.is_exact = all(metric.is_exact for metric in metrics)
        self._outputs = self._targets = np.empty(0)
        self.reset()

    def reset(self) -> None:
        """Forget all rows."""
        self.loss = 0.0
        self.weight = 0.0
        self._buffered_rows = 0
        for metric in self.metrics:
            metric.reset(self.task.target.task, self.task.target.labels)

    def update(self, loss: float, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch: its mean loss, the outputs of the network and the encoded targets.

        ``weights``: how much each row counts; None: all the same.
        """
        mass = Metric.sum_weights(t, weights)
        self.loss += loss * mass
        self.weight += mass
        if self.is_exact and weights is None and y.size < BUFFER_SIZE:
            self._buffer(y, t)
        else:
            self._update_metrics(y, t, weights)

    def _buffer(self, y: Array, t: Array) -> None:
        """Judge a small batch later, together with others: a call takes longer than its few rows."""
        if not self.metrics:
            return
        begin, end = self._buffered_rows, self._buffered_rows + len(y)
        if end > len(self._outputs):
            self._flush()
            self._allocate(y, t)
            begin, end = 0, len(y)
        self._outputs[begin:end], self._targets[begin:end] = y, t
        self._buffered_rows = end

    def _allocate(self, y: Array, t: Array) -> None:
        """Memory for as many rows like these as are judged together."""
        rows = BUFFER_SIZE * len(y) // y.size
        if len(self._outputs) != rows:
            self._outputs = np.empty((rows, *y.shape[1:]), y.dtype)
            self._targets = np.empty((rows, *t.shape[1:]), t.dtype)

    def _flush(self) -> None:
        if self._buffered_rows:
            kept, self._buffered_rows = self._buffered_rows, 0
            self._update_metrics(self._outputs[:kept], self._targets[:kept], None)

    def _update_metrics(self, y: Array, t: Array, weights: Array | None) -> None:
        truths = self.task.to_metric_targets(t)
        judged = {form: self.task.to_metric_predictions(y, form) for form in self.prediction_forms}
        for metric in self.metrics:
            metric.update(judged[metric.takes], truths, weights)

    def compute(self) -> dict[str, Any]:
        """Every score by its key, the loss first."""
        self._flush()
        return {"loss": self.loss / (self.weight or 1)} | {metric.key: metric.compute() for metric in self.metrics}

    def higher_is_better(self, key: str) -> bool:
        """Which way a score goes."""
        return {metric.key: metric.higher_is_better for metric in self.metrics}.get(key, False)

    def state(self) -> dict[str, Any]:
        """The sums so far, so that an epoch can be left in its middle."""
        self._flush()
        return {
            "loss": self.loss,
            "mass": self.weight,
            "metrics": {metric.key: metric.state() for metric in self.metrics},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        known = validate_state(state, {"loss": float, "mass": float, "metrics": dict}, "board")
        self.loss, self.weight = known["loss"], known["mass"]
        kept = validate_state(known["metrics"], {metric.key: dict for metric in self.metrics}, "board")
        for metric in self.metrics:
            metric.restore(kept[metric.key])


# Bytes of a row while a threshold is chosen: what is sorted and summed of one label; and of each label.
TUNING_BYTES, PROBABILITY_BYTES = 120, 8


def check_metric_memory(metrics: MetricCollection, datasets: Iterable[Dataset], memory: int, instead: str) -> None:
    """DataError if metrics that keep all rows of a part would take more than ``memory`` bytes."""
    keeping = [metric for metric in metrics.metrics if metric.keeps_rows]
    for part in datasets if keeping else ():
        weighed = part.weights is not None
        takes = BASE_MEMORY + part.rows * sum(metric.get_bytes_per_row(is_weighted=weighed) for metric in keeping)
        if takes > memory:
            names = ", ".join(metric.key for metric in keeping)
            raise build_memory_error(f"{names} of {part.rows:,} rows", takes, memory, instead)


def check_tuning_memory(dataset: Dataset, labels: int, memory: int) -> None:
    """DataError if to choose thresholds of ``labels`` by the rows of a part would take more than ``memory`` bytes."""
    takes = BASE_MEMORY + dataset.rows * (TUNING_BYTES + PROBABILITY_BYTES * labels)
    if takes > memory:
        what = f"train.threshold: choosing it by {dataset.rows:,} validation rows"
        raise build_memory_error(what, takes, memory, "set train.threshold to a number")
