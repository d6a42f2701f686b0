"""The rates of a run, before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.optim.schedules.schedule import Schedule, to_steps

__all__ = ["SchedulePreview", "preview_schedule"]

# Steps that are looked at for the highest and the lowest rate, and epochs whose rates are told: all, in a run of fewer.
MAX_STEPS = 10_000


@dataclass(frozen=True)
class SchedulePreview:
    """``rates``: at the beginning of epochs, (epoch, rate); ``highest`` and ``lowest``: of all, (step, rate).

    ``judged``: whether scores change them on the way.
    """

    rates: list[tuple[int, float]]
    highest: tuple[int, float]
    lowest: tuple[int, float]
    judged: bool


def preview_schedule(schedule: Schedule, peak: float, steps_per_epoch: int, epochs: int) -> SchedulePreview:
    """What a schedule will do, as far as it does not depend on scores: a plateau stays at its peak."""
    steps = steps_per_epoch * epochs

    def rate(step: int) -> float:
        return schedule.get_learning_rate(step, steps, peak)

    looks = [*range(0, steps, max(steps // MAX_STEPS, 1)), min(to_steps(schedule.warm_up, steps), steps - 1), steps - 1]
    highest, lowest = (pick(looks, key=rate) for pick in (max, min))
    told = sorted({*range(0, epochs, max(epochs // MAX_STEPS, 1)), epochs - 1})
    rates = [(epoch, rate(epoch * steps_per_epoch)) for epoch in told]
    judged = type(schedule).observe_score is not Schedule.observe_score
    return SchedulePreview(rates, (highest, rate(highest)), (lowest, rate(lowest)), judged)
