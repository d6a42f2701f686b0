"""When to write the next checkpoint."""

from __future__ import annotations

from nntrain.config.interval import Interval
from nntrain.training.trainer import Trainer


class CheckpointSchedule:
    """Counts from the last checkpoint, or from the start of this process."""

    def __init__(self, every: Interval, trainer: Trainer) -> None:
        self.interval = every
        self.run = trainer
        self.restart()

    def restart(self) -> None:
        """Count again from now: a checkpoint was written."""
        self.last_checkpoint = self._get_progress()

    @property
    def is_due(self) -> bool:
        """Whether a checkpoint is due."""
        return self._get_progress() - self.last_checkpoint >= self.interval.amount

    def _get_progress(self) -> float:
        if self.interval.unit == "steps":
            return self.run.step
        return self.run.epoch if self.interval.unit == "epochs" else self.run.timer.seconds
