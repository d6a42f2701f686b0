"""The base of metrics that compare errors with the variance of the target."""

from abc import abstractmethod

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.preprocessing.moments import ROUNDING_ERROR
from nntrain.training.metrics.metric import Metric


class VarianceRatio(Metric):
    """1 − unexplained / Σ (t − mean t)² of each column; the mean over columns.

    A column with a constant target counts 1 if it is predicted without error, else 0. The means and spreads of targets
    and errors, 2k columns, are merged batch by batch (Chan, Golub and LeVeque 1979), so that a mean far from 0 loses no
    digits.
    """

    tasks = ("regression",)
    takes = "numbers"
    state_names = ("rows", "mean", "spread")

    def clear(self) -> None:
        self.rows = 0.0
        self.mean = np.zeros(2 * len(self.labels))
        self.spread = np.zeros(2 * len(self.labels))

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        rows = self.sum_weights(t, weights)
        if rows == 0:
            return
        x = np.concatenate([t, y - t], axis=1, dtype=np.float64)
        mean = self.sum_terms(x, weights) / rows
        x -= mean
        spread = self.sum_terms(np.square(x, out=x), weights)
        gap = mean - self.mean
        self.spread = self.spread + spread + np.square(gap) * (self.rows * rows / (self.rows + rows))
        self.mean = self.mean + gap * (rows / (self.rows + rows))
        self.rows += rows

    @abstractmethod
    def compute_unexplained(self, bias: Array, spread: Array) -> Array:
        """Return the unexplained part of each column from the mean error and Σ (error − mean error)²."""

    def compute(self) -> float:
        if self.rows == 0:
            return float("nan")
        k = len(self.labels)
        unexplained = self.compute_unexplained(self.mean[k:], self.spread[k:])
        constant = self.spread[:k] <= self.rows * np.square(ROUNDING_ERROR * self.mean[:k])
        ratios = 1 - unexplained / np.where(constant, 1, self.spread[:k])
        return float(np.where(constant, unexplained == 0, ratios).mean())
