"""The base of metrics that average a ratio of each class."""

from abc import abstractmethod
from typing import Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.class_counts import ClassCounts


class AveragedClassMetric(ClassCounts):
    """A ratio of each class or label, where 0/0 counts as 0, and its ``average``.

    "macro": the mean over the classes that occur among targets or predictions; "weighted": that mean, weighted by the
    rows of each class; "micro": the ratio of the summed counts of all classes; "positive": the ratio of the positive
    (second) of two classes. Default: "positive" if ``data.positive`` names that class, else "macro".
    """

    def __init__(self, average: Literal["macro", "micro", "weighted", "positive"] | None = None) -> None:
        self.given_average = average

    @property
    def default_average(self) -> str:
        """The default average."""
        return "macro" if self.positive is None else "positive"

    @property
    def average(self) -> str:
        """The way to average the ratios of the classes."""
        return self.default_average if self.given_average is None else self.given_average

    @property
    def key(self) -> str:
        return self.name if self.average == self.default_average else f"{self.name}_{self.average}"

    def clear(self) -> None:
        super().clear()
        two = self.task == "classification" and len(self.labels) == 2
        self.require(two or self.average != "positive", 'expected two classes for average = "positive"')

    @staticmethod
    @abstractmethod
    def compute_ratio(hits: Array, predicted: Array, actual: Array) -> Array:
        """Return the ratio of each class from its counts."""

    def compute(self) -> float:
        if not self.occurring.any():
            return float("nan")
        counts = np.stack([self.hits, self.predicted, self.actual])
        ratios = self.compute_ratio(*counts)
        if self.average == "micro":
            return float(self.compute_ratio(*counts.sum(axis=1, keepdims=True))[0])
        if self.average == "positive":
            return float(ratios[1])
        if self.average == "macro":
            return float(ratios[self.occurring].mean())
        return float(divide_or_zero(np.dot(ratios, self.actual), self.actual.sum()))


def divide_or_zero(count: Array, whole: Array) -> Array:
    """count / whole, with 0/0 = 0."""
    return np.divide(count, whole, out=np.zeros_like(count), where=whole != 0)
