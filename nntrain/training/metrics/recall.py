"""The fraction of the rows of a class that are found."""

from nntrain.compute.array import Array
from nntrain.training.metrics.averaged_class_metric import AveragedClassMetric, divide_or_zero


class Recall(AveragedClassMetric):
    """Σ [y = t = c] / Σ [t = c] of each class or label c, averaged."""

    name = "recall"

    @staticmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        return divide_or_zero(hits, actual)
