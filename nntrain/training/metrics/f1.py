"""The harmonic mean of precision and recall."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.training.metrics.class_share import ClassShare, part

__all__ = ["F1"]


class F1(ClassShare):
    """2 Σ [y = t = c] / (Σ [y = c] + Σ [t = c]) of each class or label c, averaged."""

    name = "f1"

    @staticmethod
    def share(hits: Array, predicted: Array, actual: Array) -> Array:
        return part(2 * hits, predicted + actual)
