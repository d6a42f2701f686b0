"""The rates of a run, before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.optim.schedules.schedule import Schedule, span

__all__ = ["Plan", "planned"]

# Steps that are looked at for the highest and the lowest rate, and epochs whose rates are told: all, in a run of fewer.
LOOKS = 10_000


@dataclass(frozen=True)
class Plan:
    """``rates``: at the beginning of epochs, (epoch, rate); ``highest`` and ``lowest``: of all, (step, rate).

    ``judged``: whether scores change them on the way.
    """

    rates: list[tuple[int, float]]
    highest: tuple[int, float]
    lowest: tuple[int, float]
    judged: bool


def planned(schedule: Schedule, peak: float, steps_per_epoch: int, epochs: int) -> Plan:
    """What a schedule will do, as far as it does not depend on scores: a plateau stays at its peak."""
    steps = steps_per_epoch * epochs

    def rate(step: int) -> float:
        return schedule.rate(step, steps, peak)

    looks = [*range(0, steps, max(steps // LOOKS, 1)), min(span(schedule.warm_up, steps), steps - 1), steps - 1]
    highest, lowest = (pick(looks, key=rate) for pick in (max, min))
    told = sorted({*range(0, epochs, max(epochs // LOOKS, 1)), epochs - 1})
    rates = [(epoch, rate(epoch * steps_per_epoch)) for epoch in told]
    judged = type(schedule).judge is not Schedule.judge
    return Plan(rates, (highest, rate(highest)), (lowest, rate(lowest)), judged)
