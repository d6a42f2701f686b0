"""The rates of a run, before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.optim.schedules.schedule import Schedule

__all__ = ["Plan", "planned"]


@dataclass(frozen=True)
class Plan:
    """``rates``: that of the first step of each epoch; ``highest`` and ``lowest``: of all steps, as (step, rate)."""

    rates: list[float]
    highest: tuple[int, float]
    lowest: tuple[int, float]


def planned(schedule: Schedule, peak: float, steps_per_epoch: int, epochs: int) -> Plan:
    """What a schedule will do, as far as it does not depend on scores: a plateau stays at its peak."""
    steps = steps_per_epoch * epochs
    rates = [schedule.rate(step, steps, peak) for step in range(steps)]
    highest, lowest = (pick(range(steps), key=rates.__getitem__) for pick in (max, min))
    return Plan(rates[::steps_per_epoch], (highest, rates[highest]), (lowest, rates[lowest]))
