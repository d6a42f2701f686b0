"""The loss and all metrics of one pass over rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.streaming.memory_budget import BASE_MEMORY, build_memory_error
from nntrain.specs.state_schema import validate_state
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

# Outputs that exact metrics receive together: 64 KiB in single precision.
BUFFER_SIZE = 2**14


class MetricCollection:
    """The loss, averaged over rows, and the metrics, each updated with predictions in the form that it takes."""

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

        ``weights``: sample weights; None if all rows count the same.
        """
        mass = Metric.sum_weights(t, weights)
        self.loss += loss * mass
        self.weight += mass
        if self.is_exact and weights is None and y.size < BUFFER_SIZE:
            self._buffer(y, t)
        else:
            self._update_metrics(y, t, weights)

    def _buffer(self, y: Array, t: Array) -> None:
        """Keep a small batch to update the metrics with several at once: a call costs more than its few rows."""
        if not self.metrics:
            return
        begin, end = self._buffered_rows, self._buffered_rows + len(y)
        if end > len(self._outputs):
            self._flush()
            rows = BUFFER_SIZE * len(y) // y.size
            if len(self._outputs) != rows:
                self._outputs = np.empty((rows, *y.shape[1:]), y.dtype)
                self._targets = np.empty((rows, *t.shape[1:]), t.dtype)
            begin, end = 0, len(y)
        self._outputs[begin:end], self._targets[begin:end] = y, t
        self._buffered_rows = end

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
        """Return every score by its key, the loss first."""
        self._flush()
        return {"loss": self.loss / (self.weight or 1)} | {metric.key: metric.compute() for metric in self.metrics}

    def higher_is_better(self, key: str) -> bool:
        """Whether higher is better for the score of a key."""
        return {metric.key: metric.higher_is_better for metric in self.metrics}.get(key, False)

    def state(self) -> dict[str, Any]:
        """Return the sums so far, so that a run can stop in the middle of an epoch."""
        self._flush()
        return {
            "loss": self.loss,
            "mass": self.weight,
            "metrics": {metric.key: metric.state() for metric in self.metrics},
        }

    def restore(self, state: dict[str, Any]) -> None:
        known = validate_state(state, {"loss": float, "mass": float, "metrics": dict}, "board")
        self.loss, self.weight = known["loss"], known["mass"]
        kept = validate_state(known["metrics"], {metric.key: dict for metric in self.metrics}, "board")
        for metric in self.metrics:
            metric.restore(kept[metric.key])


# Bytes per row while a threshold is tuned: to sort and sum one label, and for each label.
TUNING_BYTES, PROBABILITY_BYTES = 120, 8


def check_metric_memory(metrics: MetricCollection, datasets: Iterable[Dataset], memory: int, fix: str) -> None:
    """DataError if metrics that keep all rows of a dataset would take more than ``memory`` bytes."""
    keeping = [metric for metric in metrics.metrics if metric.keeps_rows]
    for dataset in datasets if keeping else ():
        weighted = dataset.weights is not None
        size = BASE_MEMORY + dataset.rows * sum(item.get_bytes_per_row(is_weighted=weighted) for item in keeping)
        if size > memory:
            names = ", ".join(metric.key for metric in keeping)
            raise build_memory_error(f"{names} of {dataset.rows:,} rows", size, memory, fix)


def check_tuning_memory(dataset: Dataset, labels: int, memory: int) -> None:
    """DataError if tuning the thresholds of ``labels`` on a dataset would take more than ``memory`` bytes."""
    size = BASE_MEMORY + dataset.rows * (TUNING_BYTES + PROBABILITY_BYTES * labels)
    if size > memory:
        task = f"train.threshold: tuning it on {dataset.rows:,} validation rows"
        raise build_memory_error(task, size, memory, "set train.threshold to a number")
