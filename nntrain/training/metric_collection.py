"""The loss and all metrics of one pass over rows."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.streaming.memory_budget import BASE_MEMORY, build_memory_error
from nntrain.errors import CheckpointError
from nntrain.specs.state_schema import validate_state
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

# Outputs that metrics receive together, 64 KiB in single precision: a call costs more than the few rows of a batch.
BUFFER_SIZE = 2**14


class MetricCollection:
    """The loss, averaged over rows, and the metrics, each updated with predictions in the form that it takes.

    Rows of small batches are kept until there are enough for the metrics. The state contains those, so that scores do
    not depend on when a run was saved.
    """

    def __init__(self, task: Task, metrics: Sequence[Metric]) -> None:
        self.task = task
        self.metrics = list(metrics)
        self.prediction_forms = list(dict.fromkeys(metric.takes for metric in metrics))
        self._buffers: list[Array] = []
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
        if not self.metrics:
            return
        if y.size < BUFFER_SIZE:
            self._buffer(y, t) if weights is None else self._buffer(y, t, weights)
        else:
            self._flush()
            self._update_metrics(y, t, weights)

    def _buffer(self, *arrays: Array) -> None:
        """Keep outputs, targets and weights of a batch."""
        begin, end = self._buffered_rows, self._buffered_rows + len(arrays[0])
        if end > self._capacity or len(arrays) != len(self._buffers):
            self._flush()
            rows = BUFFER_SIZE * len(arrays[0]) // arrays[0].size
            if rows != self._capacity or len(arrays) != len(self._buffers):
                self._buffers = [np.empty((rows, *array.shape[1:]), array.dtype) for array in arrays]
            begin, end = 0, len(arrays[0])
        for buffer, array in zip(self._buffers, arrays, strict=True):
            buffer[begin:end] = array
        self._buffered_rows = end

    @property
    def _capacity(self) -> int:
        return len(self._buffers[0]) if self._buffers else 0

    def _flush(self) -> None:
        """Update the metrics with the kept rows."""
        if self._buffered_rows:
            kept, self._buffered_rows = self._get_buffered(), 0
            self._update_metrics(*kept)

    def _get_buffered(self) -> list[Array]:
        return [buffer[: self._buffered_rows] for buffer in self._buffers]

    def _update_metrics(self, y: Array, t: Array, weights: Array | None = None) -> None:
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
        return {
            "loss": self.loss,
            "mass": self.weight,
            "metrics": {metric.key: metric.state() for metric in self.metrics},
            "buffered": {str(index): array.copy() for index, array in enumerate(self._get_buffered()) if len(array)},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore a ``state`` after ``reset``. CheckpointError if it is not one of these metrics and outputs."""
        # Older versions kept no rows.
        known = validate_state(
            {"buffered": {}} | state, {"loss": float, "mass": float, "metrics": dict, "buffered": dict}, "board"
        )
        self.loss, self.weight = known["loss"], known["mass"]
        kept = validate_state(known["metrics"], {metric.key: dict for metric in self.metrics}, "board")
        for metric in self.metrics:
            metric.restore(kept[metric.key])
        if known["buffered"]:
            try:
                self._buffer(*known["buffered"].values())
                copy.deepcopy(self)._flush()
            except Exception as error:
                raise CheckpointError(f"board: buffered: expected rows of outputs and targets: {error}") from error


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
