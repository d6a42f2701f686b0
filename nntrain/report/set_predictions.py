"""The predictions of a network for the rows of a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.compute.threads import configure_compute
from nntrain.data.dataset import Dataset
from nntrain.training.inference.evaluation import create_metrics
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task
from nntrain.training.trained_network import TrainedNetwork

# Relative difference between the loss of all rows at once, in single precision, and the mean of their losses.
MAX_LOSS_ERROR = 1e-3


@dataclass(frozen=True)
class SetPredictions:
    """The rows of the set ``name`` in its order.

    Shapes:
        outputs y (N, k) of the network, encoded targets t (N, ...), sample weights (N,) or None

    ``row_indices`` (N,): the rows of the file, from 0; None if the set has a file of its own or rows without a target
    were dropped. ``scores``: the loss and ``metrics`` on these rows, as ``nntrain evaluate`` computes them.
    """

    name: str
    network: TrainedNetwork
    outputs: Array
    targets: Array
    weights: Array | None
    row_indices: Array | None
    metrics: list[Metric]
    scores: Mapping[str, Any]

    @classmethod
    def compute(cls, name: str, network: TrainedNetwork, dataset: Dataset, numbers: Array | None, where: str) -> Self:
        """Predict and score the rows of a dataset. ``numbers``: its ``row_indices``; ``where``: the run, for errors."""
        blocks: list[Array] = []
        collection = create_metrics(network, (), where)
        with configure_compute():
            scores = network.score(dataset, collection, observe=lambda start, y: blocks.append(y.copy()))
        assert dataset.targets is not None
        targets = np.asarray(dataset.targets[0 : dataset.rows])
        weights = None if dataset.weights is None else np.asarray(dataset.weights[0 : dataset.rows])
        return cls(name, network, np.concatenate(blocks), targets, weights, numbers, collection.metrics, scores)

    @property
    def task(self) -> Task:
        """The task of the network."""
        return self.network.task

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.outputs)

    @cached_property
    def truths(self) -> Array:
        """The targets as metrics take them."""
        return self.task.to_metric_targets(self.targets)

    @cached_property
    def losses(self) -> Array | None:
        """The loss of each row, float64 (N,), whose mean is the loss; None if that is not a mean over rows."""
        criterion = self.network.scoring_criterion
        if not criterion.has_row_weights:
            return None
        criterion.set_row_weights(None)
        t = self.network.cast_floats(self.task.to_criterion_targets(self.targets))
        assert not isinstance(t, list)
        found = np.array([criterion.forward(self.outputs[k : k + 1], t[k : k + 1]) for k in range(self.rows)])
        # The loss with weights for classes, for example, is not this mean.
        is_mean = np.isclose(np.average(found, weights=self.weights), self.scores["loss"], rtol=MAX_LOSS_ERROR)
        return found if is_mean else None

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

    def get_row_number(self, index: int) -> int:
        """Return the number of a row in the file, or in the set if that is unknown; the first is 1."""
        return 1 + (index if self.row_indices is None else int(self.row_indices[index]))

    def format_row(self, index: int) -> str:
        """Return the number of a row with separators."""
        return f"{self.get_row_number(index):,}"

    @property
    def row_header(self) -> str:
        """The header of row numbers: whether they are those of the file."""
        return f"row of the {self.name} set" if self.row_indices is None else "row of the file"
