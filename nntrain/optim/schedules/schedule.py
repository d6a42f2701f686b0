"""The base of all schedules."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from nntrain.errors import ArgumentError
from nntrain.specs.configurable import Configurable

__all__ = ["Schedule"]


class Schedule(Configurable):
    """The learning rate of each step, as a share of the peak, which is the optimizer's own rate.

    In the first ``warm_up`` steps the rate climbs, rate = peak (step + 1) / (warm_up + 1); then it follows
    ``compute_factor``.
    Lengths are a whole number of steps, or a share of the run below 1. Steps are counted from 0.
    Errors: ArgumentError if an argument is out of its range.
    """

    def __init__(self, warm_up: float = 0) -> None:
        self.warm_up = self.check_length("warm_up", warm_up)

    def get_learning_rate(self, step: int, steps: int, peak: float) -> float:
        """The rate of one step of a run of so many."""
        climb = to_steps(self.warm_up, steps)
        if step < climb:
            return peak * self.compute_warm_up(step, climb)
        return peak * self.compute_factor(step - climb, max(steps - climb, 1))

    def compute_warm_up(self, step: int, steps: int) -> float:
        """The share of the peak in the warm-up, a straight line that meets the peak in the step after it."""
        return (step + 1) / (steps + 1)

    @abstractmethod
    def compute_factor(self, step: int, steps: int) -> float:
        """The share of the peak after the warm-up, ``step`` and ``steps`` counted from its end."""

    def observe_score(self, score: float) -> None:
        """Hear the monitored score of an epoch; higher is better."""

    def state(self) -> dict[str, Any]:
        """What the next rate needs beside the step."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""

    def check_length(self, name: str, value: float) -> float:
        """A length. ArgumentError unless it is a number of steps or a share of the run."""
        self.require(
            value >= 0 and (isinstance(value, int) or value < 1),
            f"expected {name} as a whole number of steps or a share of the run below 1, got {value}",
        )
        return value

    def check_fraction(self, name: str, value: float) -> float:
        """A share of the peak. ArgumentError unless it is between 0 and 1."""
        self.require(0 <= value <= 1, f"expected {name} between 0 and 1, a share of the peak, got {value}")
        return value

    def require(self, condition: bool, what: str) -> None:
        """ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{type(self).__name__}: {what}")


def to_steps(length: float, steps: int) -> int:
    """A length in steps, in a run of so many."""
    return length if isinstance(length, int) else round(length * steps)
