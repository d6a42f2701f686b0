"""The base of scores that are shares of each class, and then averaged."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.class_counts import ClassCounts

if TYPE_CHECKING:
    from nntrain.data.targets.target import TaskType

__all__ = ["AveragedClassMetric"]


class AveragedClassMetric(ClassCounts):
    """A share of each class or label, 0 if it is one of nothing, and its ``average``.

    "macro": the mean over the classes that occur among targets or predictions; "weighted": that mean, each class
    counting as its rows; "micro": the share of all classes' counts together; "positive": of the positive of two
    classes, which is the second. Default: "positive" if ``data.positive`` names that class, else "macro".
    """

    def __init__(self, average: Literal["macro", "micro", "weighted", "positive"] | None = None) -> None:
        self.given_average = average

    @property
    def default_average(self) -> str:
        """The average if none is given."""
        return "macro" if self.positive is None else "positive"

    @property
    def average(self) -> str:
        """How the shares of the classes become one."""
        return self.default_average if self.given_average is None else self.given_average

    @property
    def key(self) -> str:
        return self.name if self.average == self.default_average else f"{self.name}_{self.average}"

    def reset(self, task: TaskType, labels: Sequence[str]) -> None:
        super().reset(task, labels)
        two = task == "classification" and len(labels) == 2
        self.require(two or self.average != "positive", 'expected two classes for average = "positive"')

    @staticmethod
    @abstractmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        """The share of each class, from its counts."""

    def compute(self) -> float:
        if not self.occurring.any():
            return float("nan")
        counts = np.stack([self.hits, self.predicted, self.actual])
        shares = self.compute_ratio(*counts)
        if self.average == "micro":
            return float(self.compute_ratio(*counts.sum(axis=1, keepdims=True))[0])
        if self.average == "positive":
            return float(shares[1])
        if self.average == "macro":
            return float(shares[self.occurring].mean())
        return float(divide_or_zero(np.dot(shares, self.actual), self.actual.sum()))


def divide_or_zero(count: Array, whole: Array) -> Array:
    """count / whole, 0 of nothing."""
    return np.divide(count, whole, out=np.zeros_like(count), where=whole != 0)
