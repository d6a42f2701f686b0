"""The share of a class's rows that are found."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.class_share import ClassShare, part

__all__ = ["Recall"]


class Recall(ClassShare):
    """Σ [y = t = c] / Σ [t = c] of each class or label c, averaged: of what is c, how much was found."""

    name = "recall"

    @staticmethod
    def share(hits: Array, predicted: Array, actual: Array) -> Array:
        return part(hits, actual)
