"""The base of scores that are means over rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain.training.metrics.metric import Metric

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType

__all__ = ["RowMean"]


class RowMean(Metric):
    """Σ w term / Σ w; where a row has several terms, their columns are averaged afterwards."""

    state_names: ClassVar[tuple[str, ...]] = ("rows", "sums")

    def reset(self, task: TaskType, labels: Sequence[str]) -> None:
        super().reset(task, labels)
        self.rows = 0.0
        self.sums: Array = np.zeros(1)

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.rows += self.sum_weights(t, weights)
        self.sums = self.sums + self.sum_terms(self.compute_terms(y, t), weights)

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        if self.sums.size not in (1, len(self.labels)):
            raise CheckpointError(f"{self.key}: has {self.sums.size} sums for {len(self.labels)} columns")

    @abstractmethod
    def compute_terms(self, y: Array, t: Array) -> Array:
        """The term of each row (N,), or several (N, k)."""

    def compute_means(self) -> Array:
        """The mean of each column."""
        return self.sums / (self.rows or np.nan)

    def compute(self) -> float:
        return float(self.compute_means().mean())
