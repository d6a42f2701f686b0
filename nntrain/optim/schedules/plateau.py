"""A rate that falls when the score stands still."""

from __future__ import annotations

from typing import Any

from nntrain.nn.remembered import remembered
from nntrain.optim.schedules.schedule import Schedule
from nntrain.optim.standstill import Standstill

__all__ = ["Plateau"]


class Plateau(Schedule):
    """rate ← factor · rate after ``patience`` epochs whose score is not ``threshold`` better, down to ``floor`` · peak.

    The score is the one that the run monitors; after a fall the count begins anew.
    """

    def __init__(
        self, factor: float = 0.1, patience: int = 10, threshold: float = 1e-4, floor: float = 0.0, warm_up: float = 0
    ) -> None:
        super().__init__(warm_up)
        self.factor = self.share("factor", factor)
        self.require(patience >= 1, f"expected patience of at least 1 epoch, got {patience}")
        self.require(threshold >= 0, f"expected threshold of at least 0, got {threshold}")
        self.patience = patience
        self.floor = self.share("floor", floor)
        self.standstill = Standstill(threshold)
        self.level = 1.0

    def course(self, step: int, steps: int) -> float:
        return self.level

    def judge(self, score: float) -> None:
        self.standstill.hear(score)
        if self.standstill.count >= self.patience:
            self.level = max(self.level * self.factor, self.floor)
            self.standstill.count = 0

    def state(self) -> dict[str, Any]:
        return {"level": self.level, **self.standstill.state()}

    def restore(self, state: dict[str, Any]) -> None:
        self.level = remembered(state, {"level": float}, "schedule")["level"]
        self.standstill.restore(state)
