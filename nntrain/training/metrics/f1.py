"""The harmonic mean of precision and recall."""

from nntrain.compute.array import Array
from nntrain.training.metrics.averaged_class_metric import AveragedClassMetric, divide_or_zero


class F1(AveragedClassMetric):
    """2 Σ [y = t = c] / (Σ [y = c] + Σ [t = c]) of each class or label c, averaged."""

    name = "f1"

    @staticmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        return divide_or_zero(2 * hits, predicted + actual)
