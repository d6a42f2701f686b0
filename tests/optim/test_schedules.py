"""Schedules against independent definitions, and their previews."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from nntrain.hooks.registry import get_registry
from nntrain.nn.building.factory import build_registered, find_option_problems, to_spec
from nntrain.optim.schedules.schedule import Schedule
from nntrain.optim.schedules.schedule_preview import preview_schedule

PEAK = 0.2
STEPS = 120


def rates(steps: int = STEPS, **given: Any) -> np.ndarray:
    schedule: Schedule = build_registered(given, "schedule")
    return np.array([schedule.get_learning_rate(step, steps, PEAK) for step in range(steps)])


def test_constant_is_the_peak() -> None:
    assert (rates(type="constant") == PEAK).all()


def test_step_falls_by_its_factor_after_each_stretch() -> None:
    expected = np.repeat([1, 0.5, 0.25, 0.125], [40, 40, 39, 1])[:STEPS] * PEAK
    np.testing.assert_allclose(rates(type="step", every=40, factor=0.5)[:119], expected[:119])
    np.testing.assert_array_equal(rates(type="step", every=40), rates(type="step", every=1 / 3))


def test_exponential_is_a_line_of_logarithms() -> None:
    logarithms = np.log(rates(type="exponential", floor=0.01) / PEAK)
    np.testing.assert_allclose(np.diff(logarithms), math.log(0.01) / STEPS, rtol=1e-9)
    assert logarithms[0] == 0


def test_cosine_goes_from_the_peak_to_its_floor() -> None:
    t = np.arange(STEPS) / STEPS
    expected = PEAK * (0.1 + 0.9 * np.cos(math.pi * t / 2) ** 2)
    np.testing.assert_allclose(rates(type="cosine", floor=0.1), expected, rtol=1e-12)


def test_cosine_starts_anew_in_each_cycle() -> None:
    got = rates(type="cosine", cycles=3)
    np.testing.assert_array_equal(got[:40], got[40:80])
    np.testing.assert_array_equal(got[:40], rates(40, type="cosine"))


def test_log_cosine_has_cycles_that_double() -> None:
    got = rates(1500, type="log_cosine")
    # Between the waves, at p = 1/15, 3/15 and 7/15, and at their tops, 2^(k + 1/2) = 1 + 15 p.
    for p in (1 / 15, 3 / 15, 7 / 15):
        assert got[round(1500 * p) - 1 : round(1500 * p) + 1] == pytest.approx(0, abs=1e-3 * PEAK)
        assert got[round(1500 * p)] > 0
    tops = [(2 ** (k + 0.5) - 1) / 15 for k in range(4)]
    assert got[[round(1500 * p) for p in tops]] == pytest.approx(PEAK, rel=1e-3)
    assert [float(got[a:b].max()) for a, b in ((0, 100), (100, 300), (300, 700), (700, 1500))] == pytest.approx(
        [PEAK] * 4, rel=1e-3
    )
    # The definition, in half of a step: 0.01667 of the run is log₂ 1.25 = 0.3219 of the first cycle.
    assert rates(30, type="log_cosine")[0] == pytest.approx(PEAK * math.sin(math.pi * math.log2(1.25)) ** 2)
    # One cycle is symmetric in log₂(1 + p).
    assert rates(1, type="log_cosine", cycles=1)[0] == pytest.approx(PEAK * math.sin(math.pi * math.log2(1.5)) ** 2)
    for steps in (1, 2, 15, 450):
        assert (rates(steps, type="log_cosine") > 0).all()


def test_flat_cosine_stays_and_falls() -> None:
    got = rates(type="flat_cosine")
    assert (got[:61] == PEAK).all()
    np.testing.assert_allclose(got[60:], rates(60, type="cosine"), rtol=1e-12)
    assert (rates(type="flat_cosine", start=0.75)[:91] == PEAK).all()
    np.testing.assert_array_equal(rates(type="flat_cosine", start=0), rates(type="cosine"))


def test_one_cycle_rises_to_its_peak_and_falls() -> None:
    got = rates(type="onecycle", start=0.1, floor=0.0, warm_up=0.25)
    assert got[0] == pytest.approx(0.1 * PEAK)
    assert got.argmax() == 30
    assert got[30] == PEAK
    assert (np.diff(got[:31]) > 0).all()
    assert (np.diff(got[30:]) < 0).all()
    assert got[15] == pytest.approx(PEAK * 0.55)  # the middle of a wave


@pytest.mark.parametrize("name", ["constant", "step", "exponential", "cosine", "flat_cosine", "plateau"])
def test_a_warm_up_climbs_in_a_line_and_the_rest_follows(name: str) -> None:
    plain = {"every": 60} if name == "step" else {}
    got = rates(type=name, warm_up=20, **plain)
    np.testing.assert_allclose(got[:21], PEAK * np.arange(1, 22) / 21)
    np.testing.assert_array_equal(got[20:], rates(STEPS - 20, type=name, **plain))
    np.testing.assert_array_equal(rates(type=name, warm_up=1 / 6, **plain), got)


@pytest.mark.parametrize("warm_up", [STEPS, 10 * STEPS])
def test_a_warm_up_may_be_longer_than_the_run(warm_up: int) -> None:
    assert (np.diff(rates(type="cosine", warm_up=warm_up)) > 0).all()
    assert (
        build_registered({"type": "cosine", "warm_up": STEPS}, "schedule").get_learning_rate(STEPS + 5, STEPS, PEAK)
        >= 0
    )


def heard(schedule: Schedule, *scores: float) -> list[float]:
    levels = []
    for score in scores:
        schedule.observe_score(score)
        levels.append(schedule.get_learning_rate(0, 1, 1.0))
    return levels


def test_plateau_falls_after_its_patience_and_not_below_its_floor() -> None:
    plateau = build_registered(
        {"type": "plateau", "factor": 0.1, "patience": 2, "threshold": 0.5, "floor": 0.05}, "schedule"
    )
    #                     first  better  not enough twice, count anew, again, and the floor; no number is no better
    got = heard(plateau, 1.0, 2.0, 2.4, 2.5, 2.2, 2.1, math.nan, 3.0)
    assert got == pytest.approx([1, 1, 1, 0.1, 0.1, 0.05, 0.05, 0.05])


def test_plateau_goes_on_from_its_state() -> None:
    whole, first, second = (build_registered({"type": "plateau", "patience": 3}, "schedule") for _ in range(3))
    expected = heard(whole, 5, 4, 3, 2, 1, 0, -1)
    got = heard(first, 5, 4, 3)
    second.restore(first.state())
    assert got + heard(second, 2, 1, 0, -1) == expected
    assert whole.state() == second.state()


def test_a_plan_shows_the_rate_of_each_epoch() -> None:
    plan = preview_schedule(build_registered({"type": "onecycle"}, "schedule"), PEAK, steps_per_epoch=12, epochs=10)
    assert plan.rates == list(enumerate(rates(type="onecycle")[::12]))
    assert plan.highest == (36, PEAK)
    assert plan.lowest == (119, rates(type="onecycle")[-1])


def test_the_plan_of_a_long_run_meets_the_peak() -> None:
    plan = preview_schedule(build_registered({"type": "onecycle", "warm_up": 333_333}, "schedule"), PEAK, 100_001, 12)
    assert plan.highest == (333_333, PEAK)
    assert plan.lowest[0] == 1_200_011
    assert len(plan.rates) == 12


@pytest.mark.parametrize("name", get_registry().names("schedule"))
def test_a_spec_builds_the_schedule_again(name: str) -> None:
    option = {"cycles": 5} if name == "log_cosine" else {"warm_up": 5}
    first = build_registered({"type": name.lower(), **option}, "schedule")
    assert to_spec(build_registered(to_spec(first), "schedule")) == to_spec(first)
    assert to_spec(first).items() >= option.items()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"type": "cosin"}, "unknown schedule 'cosin'; did you mean 'cosine'?"),
        ({"type": "cosine", "flor": 1}, "CosineSchedule has no argument 'flor'; did you mean 'floor'?"),
        ({"type": "cosine", "warm_up": "long"}, "expected a number, got 'long'"),
        (
            {"type": "cosine", "warm_up": 1.5},
            "CosineSchedule: expected warm_up as an integer number of steps or a fraction of the",
        ),
        (
            {"type": "cosine", "warm_up": -1},
            "CosineSchedule: expected warm_up as an integer number of steps or a fraction of the",
        ),
        (
            {"type": "cosine", "floor": math.nan},
            "CosineSchedule: expected floor between 0 and 1, a fraction of the peak, got nan",
        ),
        ({"type": "cosine", "cycles": 0}, "CosineSchedule: expected cycles of at least 1, got 0"),
        ({"type": "log_cosine", "cycles": 0}, "LogCosine: expected cycles from 1 to 30, got 0"),
        ({"type": "log_cosine", "cycles": 31}, "LogCosine: expected cycles from 1 to 30, got 31"),
        ({"type": "flat_cosine", "start": 1}, "FlatCosine: expected start below 1, a fraction of the run, got 1"),
        ({"type": "flat_cosine", "start": -0.1}, "FlatCosine: expected start between 0 and 1"),
        ({"type": "logcosine"}, "unknown schedule 'logcosine'; did you mean 'log_cosine'?"),
        ({"type": "step", "every": 0}, "Step: expected every above 0, got 0"),
        ({"type": "exponential", "floor": 0}, "Exponential: expected floor above 0, got 0"),
        ({"type": "plateau", "patience": 0}, "Plateau: expected patience of at least 1 epoch, got 0"),
        ({"type": "plateau", "threshold": -1}, "Plateau: expected threshold of at least 0, got -1"),
    ],
)
def test_a_wrong_argument_is_reported(given: dict[str, Any], message: str) -> None:
    [(_, what)] = find_option_problems(given, "schedule")
    assert what.startswith(message)


def test_the_plan_of_very_many_epochs_is_short() -> None:
    plan = preview_schedule(build_registered({"type": "onecycle"}, "schedule"), PEAK, steps_per_epoch=12, epochs=10**12)
    assert len(plan.rates) < 20_002
    assert plan.rates[-1][0] == 10**12 - 1


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ({"type": "constant"}, False),
        ({"type": "constant", "warm_up": 0.1}, False),
        ({"type": "plateau"}, False),
        ({"type": "step", "every": 50}, False),
        ({"type": "step"}, True),
        ({"type": "cosine"}, True),
        ({"type": "log_cosine"}, True),
        ({"type": "flat_cosine"}, True),
        ({"type": "onecycle"}, True),
        ({"type": "exponential"}, True),
    ],
)
def test_a_schedule_ends_with_the_run_if_a_longer_run_has_another_rate_at_its_last_step(
    given: dict[str, Any], ends: bool
) -> None:
    schedule: Schedule = build_registered(given, "schedule")
    assert schedule.ends_with_run(STEPS) is ends
