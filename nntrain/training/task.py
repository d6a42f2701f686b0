"""What a network is trained to do with its outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

__all__ = ["Task"]


class Task(ABC):
    """Turns outputs y of the network (N, outputs) into scores and predictions."""

    @property
    @abstractmethod
    def outputs(self) -> int:
        """How many numbers the network gives for a row."""

    @abstractmethod
    def metrics(self) -> list[Metric]:
        """Fresh metrics beside the loss."""

    @abstractmethod
    def fitted(self, t: Array) -> Array:
        """The encoded targets in the form that the criterion takes."""

    @abstractmethod
    def judged(self, y: Array, t: Array) -> tuple[Array, Array]:
        """Predictions and truths in the form that the metrics take, from outputs and targets."""

    @abstractmethod
    def predictions(self, y: Array) -> dict[str, list[object]]:
        """The columns of a table of predictions."""
