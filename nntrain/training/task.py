"""What a network is trained to do with its outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from nntrain.compute.array import Array
from nntrain.data.target import Target
from nntrain.training.metrics.metric import Takes
from nntrain.training.threshold import Threshold

__all__ = ["Task"]


class Task(ABC):
    """Turns outputs y of the network (N, outputs) into scores and predictions."""

    target: Target

    # What probabilities are compared with; None: a half.
    threshold: Threshold | None = None

    @property
    def positive(self) -> str | None:
        """The positive one of two classes, if ``data.positive`` names it."""
        return None

    @property
    def thresholds(self) -> int:
        """The number of probabilities that a threshold decides about: 1 of two classes, or one of each label."""
        return 0

    def decision(self) -> dict[str, Any]:
        """The positive class and the threshold of its probability, or of each label; empty without a threshold."""
        return {}

    @property
    @abstractmethod
    def outputs(self) -> int:
        """How many numbers the network gives for a row."""

    @abstractmethod
    def usual_metrics(self) -> list[str]:
        """What is scored beside the loss, unless a config says it."""

    @abstractmethod
    def fitted(self, t: Array) -> Array:
        """The encoded targets in the form that the criterion takes."""

    @abstractmethod
    def judged(self, y: Array, form: Takes) -> Array:
        """Predictions in the form that a metric takes, from outputs. ``Metric`` tells the forms."""

    @abstractmethod
    def truths(self, t: Array) -> Array:
        """The encoded targets in the form that metrics take."""

    @abstractmethod
    def predictions(self, y: Array) -> dict[str, list[object]]:
        """The columns of a table of predictions."""
