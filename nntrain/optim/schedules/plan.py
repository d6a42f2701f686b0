"""The rates of a run, before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.optim.schedules.schedule import Schedule, span

__all__ = ["Plan", "planned"]

# Steps that are looked at for the highest and the lowest rate: all, in a run of fewer.
LOOKS = 10_000


@dataclass(frozen=True)
class Plan:
    """``rates``: that of the first step of each epoch; ``highest`` and ``lowest``: of all steps, as (step, rate)."""

    rates: list[float]
    highest: tuple[int, float]
    lowest: tuple[int, float]


def planned(schedule: Schedule, peak: float, steps_per_epoch: int, epochs: int) -> Plan:
    """What a schedule will do, as far as it does not depend on scores: a plateau stays at its peak."""
    steps = steps_per_epoch * epochs

    def rate(step: int) -> float:
        return schedule.rate(step, steps, peak)

    looks = [*range(0, steps, max(steps // LOOKS, 1)), min(span(schedule.warm_up, steps), steps - 1), steps - 1]
    highest, lowest = (pick(looks, key=rate) for pick in (max, min))
    rates = [rate(step) for step in range(0, steps, steps_per_epoch)]
    return Plan(rates, (highest, rate(highest)), (lowest, rate(lowest)))
