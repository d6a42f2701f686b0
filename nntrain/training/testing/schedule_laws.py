"""The laws of schedules."""

from __future__ import annotations

import json
import math

import numpy as np

from nntrain.nn.building.factory import get_options, instantiate
from nntrain.nn.testing.check import as_check
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.optim.schedules.schedule import Schedule
from nntrain.training.testing.trial import Trial

__all__ = [
    "a_rate_is_a_function_of_the_step",
    "a_warm_up_climbs",
    "its_spec_rebuilds_it",
    "its_state_goes_on_alike",
    "rates_are_numbers",
]

STEPS, PEAK, CLIMB = 100, 0.1, 10


@as_check
def rates_are_numbers(trial: Trial) -> None:
    """Every rate of a run, be it of one step, is a finite number and not below 0."""
    for steps in (1, 2, STEPS):
        for step, rate in enumerate(rates(trial.made(), steps)):
            if not (isinstance(rate, float | int) and math.isfinite(rate) and rate >= 0):
                raise CheckFailed(f"the rate of step {step} of {steps}: got {rate!r}, wanted a number of at least 0")


def rates(schedule: Schedule, steps: int = STEPS) -> list[float]:
    """The rates of a whole run."""
    return [schedule.get_learning_rate(step, steps, PEAK) for step in range(steps)]


@as_check
def a_rate_is_a_function_of_the_step(trial: Trial) -> None:
    """Asked again, in another order or of one that was made anew, it gives the same, and twice for twice the peak."""
    schedule = trial.made()
    first = rates(schedule)
    backwards = [schedule.get_learning_rate(step, STEPS, PEAK) for step in reversed(range(STEPS))][::-1]
    for what, again in (("asked backwards", backwards), ("of a new one", rates(trial.made()))):
        compare(what, again, first)
    doubled = [schedule.get_learning_rate(step, STEPS, 2 * PEAK) for step in range(STEPS)]
    if not np.allclose(doubled, 2 * np.array(first), rtol=1e-9, atol=1e-15):
        raise CheckFailed("the rates for twice the peak are not twice the rates: they must be shares of it")


def compare(what: str, got: list[float], wanted: list[float]) -> None:
    """LawBroken unless the rates are the same."""
    for step, (ours, theirs) in enumerate(zip(got, wanted, strict=True)):
        if ours != theirs:
            raise CheckFailed(f"the rate of step {step}, {what}: got {ours:.9g}, wanted {theirs:.9g}")


@as_check
def a_warm_up_climbs(trial: Trial) -> None:
    """With a ``warm_up`` of some steps, if it takes one, the rate climbs in them to what it then is."""
    if "warm_up" not in get_options(type(trial.made())):
        return
    given = {} if isinstance(trial.given, str) else {k: v for k, v in trial.given.items() if k != "type"}
    climbing = rates(instantiate(type(trial.made()), {**given, "warm_up": CLIMB}))[: CLIMB + 1]
    if climbing != sorted(climbing) or climbing[0] >= climbing[-1]:
        raise CheckFailed(f"the rates of a warm-up of {CLIMB} steps: got {climbing}, wanted rising ones")


@as_check
def its_state_goes_on_alike(trial: Trial) -> None:
    """One that takes on the state, which JSON can say, hears the same scores and gives the same rates."""
    straight, first, second = trial.made(), trial.made(), trial.made()
    scores = [1 - 1 / (epoch + 1) for epoch in range(5)] + [0.5] * 40
    for score in scores:
        straight.observe_score(score)
    for score in scores[:25]:
        first.observe_score(score)
    second.restore(json.loads(json.dumps(first.state())))
    for score in scores[25:]:
        second.observe_score(score)
    compare("after a restart", rates(second), rates(straight))


@as_check
def its_spec_rebuilds_it(trial: Trial) -> None:
    """The spec, with all defaults in it, makes one of the same spec."""
    trial.rebuilds()
