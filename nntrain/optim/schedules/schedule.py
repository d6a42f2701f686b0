"""The base of all schedules."""

from abc import abstractmethod
from typing import Any, ClassVar

from nntrain.errors import ArgumentError
from nntrain.specs.configurable import Configurable


class Schedule(Configurable):
    """The learning rate of each step, as a fraction of the peak, the optimizer's own learning rate.

    In the first ``warm_up`` steps it is peak (step + 1) / (warm_up + 1); then it follows ``compute_factor``.
    Lengths are an integer number of steps, or a fraction of the run below 1. Steps are counted from 0.
    Errors: ArgumentError for an argument out of range.
    """

    # The name in configs; default: the class name in lowercase, without the suffix "Schedule".
    registered_name: ClassVar[str]

    def __init__(self, warm_up: float = 0) -> None:
        self.warm_up = self.check_length("warm_up", warm_up)

    def get_learning_rate(self, step: int, steps: int, peak: float) -> float:
        """Return the learning rate, or another value with this peak, of one step of a run of ``steps`` steps."""
        warm_up = to_steps(self.warm_up, steps)
        if step < warm_up:
            return peak * self.compute_warm_up(step, warm_up)
        return peak * self.compute_factor(step - warm_up, max(steps - warm_up, 1))

    def compute_warm_up(self, step: int, steps: int) -> float:
        """Return the fraction of the peak in the warm-up: linear, reaching 1 in the step after it."""
        return (step + 1) / (steps + 1)

    @abstractmethod
    def compute_factor(self, step: int, steps: int) -> float:
        """Return the fraction of the peak after the warm-up, with ``step`` and ``steps`` counted from its end."""

    def ends_with_run(self, steps: int) -> bool:
        """Whether the last learning rate of a run of ``steps`` steps would be another one in a longer run."""
        return self.get_learning_rate(steps - 1, steps, 1.0) != self.get_learning_rate(steps - 1, 2 * steps, 1.0)

    @property
    def depends_on_scores(self) -> bool:
        """Whether scores may change the learning rates during the run."""
        return type(self).observe_score is not Schedule.observe_score

    def observe_score(self, score: float) -> None:
        """Receive the monitored score of an epoch; higher is better."""

    def state(self) -> dict[str, Any]:
        """Return the state, in addition to the step."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a ``state``."""

    def check_length(self, name: str, value: float) -> float:
        """Return a length. ArgumentError unless it is a number of steps or a fraction of the run."""
        self.require(
            value >= 0 and (isinstance(value, int) or value < 1),
            f"expected {name} as an integer number of steps or a fraction of the run below 1, got {value}",
        )
        return value

    def check_fraction(self, name: str, value: float) -> float:
        """Return a fraction of the peak. ArgumentError unless it is between 0 and 1."""
        self.require(0 <= value <= 1, f"expected {name} between 0 and 1, a fraction of the peak, got {value}")
        return value

    def require(self, condition: bool, message: str) -> None:
        """Raise ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{type(self).__name__}: {message}")


def to_steps(length: float, steps: int) -> int:
    """Convert a length to a number of steps."""
    return length if isinstance(length, int) else round(length * steps)
