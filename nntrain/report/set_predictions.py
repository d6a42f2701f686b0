"""The predictions of a network for the rows of a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task


@dataclass(frozen=True)
class SetPredictions:
    """The rows of the set ``name`` in its order.

    Shapes:
        outputs y (N, k) of the network, encoded targets t (N, ...), sample weights (N,) or None

    ``row_indices`` (N,): the rows of the file, from 0; None if the set has a file of its own or rows without a target
    were dropped. ``scores``: the loss and ``metrics`` on these rows, as ``nntrain evaluate`` computes them.
    """

    name: str
    task: Task
    outputs: Array
    targets: Array
    weights: Array | None
    row_indices: Array | None
    metrics: list[Metric]
    scores: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.outputs)

    @cached_property
    def truths(self) -> Array:
        """The targets as metrics take them."""
        return self.task.to_metric_targets(self.targets)

    @cached_property
    def probabilities(self) -> Array:
        """The probability of each class or label, float64 (N, L)."""
        return self.task.to_metric_predictions(self.outputs, "probabilities").astype(np.float64)

    @cached_property
    def labels(self) -> IntArray:
        """The predicted classes (N,), or which labels are predicted (N, L)."""
        return self.task.to_metric_predictions(self.outputs, "labels")

    @cached_property
    def numbers(self) -> Array:
        """The predicted numbers in the units of the file, float64 (N, k)."""
        return self.task.to_metric_predictions(self.outputs, "numbers")

    def format_row(self, index: int) -> str:
        """Return the number of a row in the file, or in the set if that is unknown; the first is 1."""
        return f"{index + 1:,}" if self.row_indices is None else f"{self.row_indices[index] + 1:,}"

    @property
    def row_header(self) -> str:
        """What ``format_row`` counts."""
        return f"row of the {self.name} set" if self.row_indices is None else "row of the file"
