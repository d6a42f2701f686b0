"""The explained fraction of the target's variance, which ignores a constant bias."""

from nntrain.compute.array import Array
from nntrain.training.metrics.variance_ratio import VarianceRatio


class ExplainedVariance(VarianceRatio):
    """1 − Var(t − y) / Var(t); the mean over columns. Equals R² if the mean error is 0, otherwise larger."""

    name = "explained_variance"

    def compute_unexplained(self, bias: Array, spread: Array) -> Array:
        return spread
