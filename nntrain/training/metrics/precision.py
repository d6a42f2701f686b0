"""The share of a class's predictions that are right."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.class_share import ClassShare, part

__all__ = ["Precision"]


class Precision(ClassShare):
    """Σ [y = t = c] / Σ [y = c] of each class or label c, averaged: of what was said to be c, how much is."""

    name = "precision"

    @staticmethod
    def share(hits: Array, predicted: Array, actual: Array) -> Array:
        return part(hits, predicted)
