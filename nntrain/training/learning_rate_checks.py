"""Warnings about unexpected learning rates of a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from nntrain.optim.schedules.schedule import to_steps
from nntrain.training.resuming.resume_policy import ConfigChanges
from nntrain.training.trainer import Trainer

# Maximum number of steps whose learning rates are compared.
MAX_STEPS = 1000


def find_changed_rates(trainer: Trainer, changes: ConfigChanges) -> Iterator[str]:
    """Yield a warning if a changed number of epochs stretches the schedule, and past steps had other learning rates."""
    old, _ = changes.get("train.epochs", (None, None))
    if trainer.schedule is None or trainer.peak_learning_rate is None or old is None or "schedule.type" in changes:
        return
    before, after = old * len(trainer.micro_batches), trainer.total_steps
    steps = range(0, trainer.step, max(trainer.step // MAX_STEPS, 1))
    rate = trainer.schedule.get_learning_rate
    if any(
        rate(step, before, trainer.peak_learning_rate) != rate(step, after, trainer.peak_learning_rate)
        for step in steps
    ):
        was, now = (
            rate(trainer.step, steps, trainer.peak_learning_rate) for steps in (max(before, trainer.step + 1), after)
        )
        yield (
            f"the schedule is stretched from {before:,} to {after:,} steps, so the next learning rate is {now:.3g} "
            f"instead of {was:.3g}, and a run of {trainer.epochs} epochs from the start would give other results"
        )


def find_long_warm_up(trainer: Trainer) -> Iterator[str]:
    """Yield a warning if the run ends during the warm-up."""
    if trainer.schedule is None or trainer.peak_learning_rate is None:
        return
    steps = min(trainer.total_steps, trainer.max_steps or trainer.total_steps)
    warm_up = to_steps(trainer.schedule.warm_up, trainer.total_steps)
    if warm_up >= steps:
        yield (
            f"schedule.warm_up: {warm_up:,} steps, but the run has {steps:,}, so the learning rate never reaches "
            f"{trainer.peak_learning_rate:.3g}; set a shorter warm_up, or a fraction of the run such as 0.1"
        )
