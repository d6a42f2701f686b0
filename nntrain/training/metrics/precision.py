"""The share of a class's predictions that are right."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.averaged_class_metric import AveragedClassMetric, divide_or_zero

__all__ = ["Precision"]


class Precision(AveragedClassMetric):
    """Σ [y = t = c] / Σ [y = c] of each class or label c, averaged: of what was said to be c, how much is."""

    name = "precision"

    @staticmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        return divide_or_zero(hits, predicted)
