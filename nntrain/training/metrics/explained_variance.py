"""The share of the target's variance that is explained, whatever the bias."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.variance_ratio import VarianceRatio

__all__ = ["ExplainedVariance"]


class ExplainedVariance(VarianceRatio):
    """1 − Var(t − y) / Var(t); the mean over columns. R² if the errors are 0 on average, else more."""

    name = "explained_variance"

    def compute_unexplained(self, bias: Array, spread: Array) -> Array:
        return spread
