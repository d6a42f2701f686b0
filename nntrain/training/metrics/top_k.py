"""The fraction of rows whose class is among the k most probable."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class TopK(RowMean):
    """Σ [t is among the k classes with the largest p] / N; among classes with equal p the first ranks higher."""

    name = "top_k"
    tasks = ("classification",)
    takes = "probabilities"

    def __init__(self, k: int = 5) -> None:
        self.require(k >= 1, f"expected k of at least 1, got {k}")
        self.k = k

    def clear(self) -> None:
        super().clear()
        count = len(self.labels)
        self.require(self.k < count, f"expected k below the number of classes, {count}, got {self.k}")

    def compute_terms(self, y: Array, t: Array) -> Array:
        truth = np.take_along_axis(y, t[:, None], axis=1)
        earlier = np.arange(y.shape[1]) < t[:, None]
        ahead = np.where(earlier, y >= truth, y > truth)
        return np.count_nonzero(ahead, axis=1) < self.k
