"""Learning rates that are not what one would expect of a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from nntrain.optim.schedules.schedule import to_steps
from nntrain.training.contract import Changes
from nntrain.training.run import Run

__all__ = ["other_rates", "too_long_warm_up"]

# Steps whose rates are compared, at most.
LOOKS = 1000


def other_rates(run: Run, changes: Changes) -> Iterator[str]:
    """A schedule that another number of epochs stretches, if steps that were made had other rates than it now gives."""
    old, _ = changes.get("train.epochs", (None, None))
    if run.schedule is None or run.peak is None or old is None or "schedule.type" in changes:
        return
    before, after = old * len(run.micro_batches), run.steps
    steps = range(0, run.step, max(run.step // LOOKS, 1))
    rate = run.schedule.get_learning_rate
    if any(rate(step, before, run.peak) != rate(step, after, run.peak) for step in steps):
        was, now = (rate(run.step, steps, run.peak) for steps in (max(before, run.step + 1), after))
        yield (
            f"the schedule is stretched from {before:,} to {after:,} steps, so the next learning rate is {now:.3g} "
            f"instead of {was:.3g}, and a run of {run.epochs} epochs from the start would give other results"
        )


def too_long_warm_up(run: Run) -> Iterator[str]:
    """A warm-up that the run ends in."""
    if run.schedule is None or run.peak is None:
        return
    steps = min(run.steps, run.max_steps or run.steps)
    warm_up = to_steps(run.schedule.warm_up, run.steps)
    if warm_up >= steps:
        yield (
            f"schedule.warm_up: {warm_up:,} steps, but the run has {steps:,}, so the learning rate never reaches "
            f"{run.peak:.3g}; set a shorter warm_up, or a fraction of the run such as 0.1"
        )
