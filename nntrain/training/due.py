"""When the next checkpoint is due."""

from __future__ import annotations

from nntrain.config.interval import Interval
from nntrain.training.run import Run

__all__ = ["Due"]


class Due:
    """Counts from the last checkpoint, or from the beginning of this process."""

    def __init__(self, every: Interval, run: Run) -> None:
        self.every = every
        self.run = run
        self.begin()

    def begin(self) -> None:
        """There is a checkpoint: count anew."""
        self.since = self._now()

    @property
    def now(self) -> bool:
        """Whether a checkpoint is due."""
        return self._now() - self.since >= self.every.amount

    def _now(self) -> float:
        if self.every.unit == "steps":
            return self.run.step
        return self.run.epoch if self.every.unit == "epochs" else self.run.clock.seconds
