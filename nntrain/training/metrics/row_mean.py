"""The base of metrics that are means over rows."""

from abc import abstractmethod
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain.training.metrics.metric import Metric


class RowMean(Metric):
    """Σ w term / Σ w; if a row has several terms, the mean over their columns."""

    state_names = ("rows", "sums")

    def clear(self) -> None:
        self.rows = 0.0
        self.sums: Array = np.zeros(1)

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        self.rows += self.sum_weights(t, weights)
        self.sums = self.sums + self.sum_terms(self.compute_terms(y, t), weights)

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        if self.sums.size not in (1, len(self.labels)):
            raise CheckpointError(f"{self.key}: expected 1 or {len(self.labels)} sums, got {self.sums.size}")

    @abstractmethod
    def compute_terms(self, y: Array, t: Array) -> Array:
        """Return the term of each row (N,), or several (N, k)."""

    def compute_means(self) -> Array:
        """Return the mean of each column."""
        return self.sums / (self.rows or np.nan)

    def compute(self) -> float:
        return float(self.compute_means().mean())
