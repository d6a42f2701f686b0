"""The fraction of the predictions of a class that are correct."""

from nntrain.compute.array import Array
from nntrain.training.metrics.averaged_class_metric import AveragedClassMetric, divide_or_zero


class Precision(AveragedClassMetric):
    """Σ [y = t = c] / Σ [y = c] of each class or label c, averaged."""

    name = "precision"

    @staticmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        return divide_or_zero(hits, predicted)
