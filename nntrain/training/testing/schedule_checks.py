"""The checks of schedules."""

import json
import math

import numpy as np

from nntrain.nn.building.factory import get_options, instantiate
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.optim.schedules.schedule import Schedule
from nntrain.training.testing.optimizer_checks import spec_round_trip as spec_round_trip
from nntrain.training.testing.training_case import TrainingCase

STEP_COUNT, PEAK_RATE, WARM_UP_STEPS = 100, 0.1, 10


@as_check
def learning_rates_are_finite(case: TrainingCase) -> None:
    """Every learning rate of a run, also of one step, is finite and not below 0."""
    for steps in (1, 2, STEP_COUNT):
        for step, rate in enumerate(compute_rates(case.build(), steps)):
            if not (isinstance(rate, float | int) and math.isfinite(rate) and rate >= 0):
                raise CheckFailed(f"the rate of step {step} of {steps}: expected a number of at least 0, got {rate!r}")


def compute_rates(schedule: Schedule, steps: int = STEP_COUNT) -> list[float]:
    """Return the learning rates of a complete run."""
    return [schedule.get_learning_rate(step, steps, PEAK_RATE) for step in range(steps)]


@as_check
def learning_rate_depends_on_step_only(case: TrainingCase) -> None:
    """The rates do not depend on the order of the calls or on the instance, and are proportional to the peak rate."""
    schedule = case.build()
    first = compute_rates(schedule)
    backwards = [schedule.get_learning_rate(step, STEP_COUNT, PEAK_RATE) for step in reversed(range(STEP_COUNT))][::-1]
    for what, again in (("in reverse order", backwards), ("of a new instance", compute_rates(case.build()))):
        assert_same_rates(what, again, first)
    doubled = [schedule.get_learning_rate(step, STEP_COUNT, 2 * PEAK_RATE) for step in range(STEP_COUNT)]
    if not np.allclose(doubled, 2 * np.array(first), rtol=1e-9, atol=1e-15):
        raise CheckFailed("the rates for twice the peak rate: expected twice the rates")


def assert_same_rates(what: str, actual: list[float], expected: list[float]) -> None:
    """CheckFailed unless the rates are equal."""
    for step, (ours, theirs) in enumerate(zip(actual, expected, strict=True)):
        if ours != theirs:
            raise CheckFailed(f"the rate of step {step}, {what}: expected {theirs:.9g}, got {ours:.9g}")


@as_check
def warm_up_increases(case: TrainingCase) -> None:
    """With ``warm_up`` steps, if supported, the rate rises during these to its later value."""
    if "warm_up" not in get_options(type(case.build())):
        return
    options = {} if isinstance(case.spec, str) else {k: v for k, v in case.spec.items() if k != "type"}
    rates = compute_rates(instantiate(type(case.build()), {**options, "warm_up": WARM_UP_STEPS}))[: WARM_UP_STEPS + 1]
    if rates != sorted(rates) or rates[0] >= rates[-1]:
        raise CheckFailed(f"the rates of a warm-up of {WARM_UP_STEPS} steps: expected rising ones, got {rates}")


@as_check
def state_round_trip(case: TrainingCase) -> None:
    """A schedule with a restored state, which is JSON, gives the same rates for the same further scores."""
    straight, first, second = case.build(), case.build(), case.build()
    scores = [1 - 1 / (epoch + 1) for epoch in range(5)] + [0.5] * 40
    for score in scores:
        straight.observe_score(score)
    for score in scores[:25]:
        first.observe_score(score)
    second.restore(json.loads(json.dumps(first.state())))
    for score in scores[25:]:
        second.observe_score(score)
    assert_same_rates("after a restart", compute_rates(second), compute_rates(straight))
