"""A learning rate that decreases when the score stops improving."""

from typing import Any

from nntrain.optim.improvement_counter import ImprovementCounter
from nntrain.optim.schedules.schedule import Schedule
from nntrain.specs.state_schema import validate_state


class Plateau(Schedule):
    """Multiply the learning rate by ``factor`` after ``patience`` epochs without improvement, down to floor · peak.

    An improvement is a monitored score that exceeds the best one by more than ``threshold``. Each reduction restarts
    the count.
    """

    def __init__(
        self, factor: float = 0.1, patience: int = 10, threshold: float = 1e-4, floor: float = 0.0, warm_up: float = 0
    ) -> None:
        super().__init__(warm_up)
        self.factor = self.check_fraction("factor", factor)
        self.require(patience >= 1, f"expected patience of at least 1 epoch, got {patience}")
        self.require(threshold >= 0, f"expected threshold of at least 0, got {threshold}")
        self.floor = self.check_fraction("floor", floor)
        self.counter = ImprovementCounter(threshold, patience)
        self.level = 1.0

    def compute_factor(self, step: int, steps: int) -> float:
        return self.level

    def observe_score(self, score: float) -> None:
        self.counter.update(score)
        if self.counter.is_patience_used_up:
            self.level = max(self.level * self.factor, self.floor)
            self.counter.bad_epochs = 0

    def state(self) -> dict[str, Any]:
        return {"level": self.level, **self.counter.state()}

    def restore(self, state: dict[str, Any]) -> None:
        self.level = validate_state(state, {"level": float}, "schedule")["level"]
        self.counter.restore(state)
