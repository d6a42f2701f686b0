"""Preview of the learning rates of a run."""

from dataclasses import dataclass

from nntrain.optim.schedules.schedule import Schedule, to_steps

# Maximum number of steps to search for the extremes, and of epochs to list; all in a shorter run.
MAX_STEPS = 10_000


@dataclass(frozen=True)
class SchedulePreview:
    """``rates``: (epoch, learning rate) at the start of epochs; ``highest`` and ``lowest``: (step, learning rate).

    ``judged``: whether scores may change them during the run.
    """

    rates: list[tuple[int, float]]
    highest: tuple[int, float]
    lowest: tuple[int, float]
    judged: bool


def preview_schedule(schedule: Schedule, peak: float, steps_per_epoch: int, epochs: int) -> SchedulePreview:
    """Preview a schedule without scores; a plateau stays at its peak."""
    steps = steps_per_epoch * epochs

    def rate(step: int) -> float:
        return schedule.get_learning_rate(step, steps, peak)

    candidates = [
        *range(0, steps, max(steps // MAX_STEPS, 1)),
        min(to_steps(schedule.warm_up, steps), steps - 1),
        steps - 1,
    ]
    highest, lowest = (pick(candidates, key=rate) for pick in (max, min))
    listed = sorted({*range(0, epochs, max(epochs // MAX_STEPS, 1)), epochs - 1})
    rates = [(epoch, rate(epoch * steps_per_epoch)) for epoch in listed]
    return SchedulePreview(rates, (highest, rate(highest)), (lowest, rate(lowest)), schedule.depends_on_scores)
