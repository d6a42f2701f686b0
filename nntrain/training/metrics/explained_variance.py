"""The share of the target's variance that is explained, whatever the bias."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.target_spread import TargetSpread

__all__ = ["ExplainedVariance"]


class ExplainedVariance(TargetSpread):
    """1 − Var(t − y) / Var(t); the mean over columns. R² if the errors are 0 on average, else more."""

    name = "explained_variance"

    def unexplained(self, bias: Array, spread: Array) -> Array:
        return spread
