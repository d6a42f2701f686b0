"""Numbers on a log scale, and the range that predictions are kept within."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.checks.inspection import inspect_data
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target_types import restore_target
from nntrain.errors import CheckpointError
from tests.data.conftest import refusal

ROWS = 400


def column(values: np.ndarray, name: str = "y") -> RawColumn:
    return RawColumn(name, "number", np.asarray(values, float))


def fit(values: np.ndarray, **options: object) -> NumberTarget:
    chosen = {f"target_{name}": value for name, value in options.items()}
    return NumberTarget.fit(column(values), options=DataOptions("", **chosen))


def lognormal(sigma: float, rows: int = ROWS) -> np.ndarray:
    """Quantiles of a log-normal distribution: its logarithms are exactly symmetric."""
    from statistics import NormalDist

    return np.exp(sigma * np.array([NormalDist().inv_cdf((i + 0.5) / rows) for i in range(rows)]))


def table(y: np.ndarray) -> str:
    return "x,y\n" + "".join(f"{i * 37 % 101},{value!r}\n" for i, value in enumerate(y.tolist()))


CASES = {
    "orders of magnitude": (lognormal(2), "log"),
    "half an order": (lognormal(0.6), "none"),
    "a zero": (np.append(lognormal(2), 0), "none"),
    "a negative number": (np.append(lognormal(2), -0.001), "none"),
    "few rows": (lognormal(2, 60), "none"),
    "even": (np.linspace(1, 1000, ROWS), "none"),
    "squares, whose logarithms are skewed": (np.linspace(0.01, 100, ROWS) ** 3, "none"),
    "exponential, whose logarithms are skewed": (-np.log(1 - (np.arange(ROWS) + 0.5) / ROWS), "none"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_log_scale_is_chosen_for_positive_skewed_numbers_of_several_orders_of_magnitude(case):
    values, expected = CASES[case]
    assert fit(values).transform == expected
    assert fit(values, transform="none").transform == "none"


def test_the_choice_and_its_reason_are_printed():
    def skewness(x: np.ndarray) -> float:
        return float((((x - x.mean()) / x.std()) ** 3).mean())

    values = lognormal(2) * np.where(np.arange(ROWS) % 7, 1, 1.5)
    why = f"positive and skewed (skewness {skewness(values):.2f}, of its logarithms {skewness(np.log(values)):.2f})"
    assert fit(values).build_notes()[0] == (
        f"the target 'y' is learned on a log scale: it is {why} and spans orders of magnitude; to turn it off: --set "
        "data.target_transform=none"
    )
    assert "to try it: --set data.target_transform=log" in fit(lognormal(0.6)).build_notes()[0]
    assert fit(values, transform="log").build_notes()[0] == (
        "the target 'y' is learned on a log scale, set by data.target_transform"
    )
    assert not any("log scale" in note for note in fit(values, transform="none").build_notes())


def test_logarithms_are_standardized_and_come_back():
    values = lognormal(2)
    target = fit(values)
    logs = np.log(values)
    t = target.encode(column(values))
    np.testing.assert_allclose(t[:, 0], (logs - logs.mean()) / logs.std(), atol=1e-6)
    np.testing.assert_allclose(target.decode(t)[:, 0], values, rtol=1e-5)


def test_numbers_below_those_of_the_training_rows_keep_their_values():
    """Other rows may have a 0, or a negative number: its truth is not changed, whatever the scale."""
    values = lognormal(2)
    target = fit(values)
    others = np.array([values.min() / 2, 0.0, -1.0, -1e3, values.max() * 10])
    t = target.encode(column(others))
    assert np.isfinite(t).all()
    assert (np.diff(t[:4, 0]) < 0).all()
    np.testing.assert_allclose(target.decode(t)[:, 0], others, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("transform", ["none", "log"])
def test_predictions_stay_within_the_training_rows(transform):
    values = lognormal(2)
    target = fit(values, transform=transform)
    y = target.decode_predictions(np.array([[-50.0], [50.0], [1e6], [0.0]]))
    assert y.min() == values.min()
    assert y.max() == values.max()
    assert values.min() < y[3, 0] < values.max()
    t = target.encode(column([values.max() * 3]))
    np.testing.assert_allclose(target.decode(t), values.max() * 3, rtol=1e-5)


RANGES = [
    ([1.0, 2.0, 5.0], "training", (1, 5)),
    ([1.0, 2.0, 5.0], "sign", (0, np.inf)),
    ([0.0, 2.0, 5.0], "sign", (0, np.inf)),
    ([-3.0, -2.0, -1.0], "sign", (-np.inf, 0)),
    ([-3.0, 2.0, 1.0], "sign", (-np.inf, np.inf)),
    ([0.1, 0.2, 0.9], (0.0, 1.0), (0, 1)),
    ([0.1, 0.2, 0.9], (0.0, np.inf), (0, np.inf)),
    ([0.1, 0.2, 0.9], "none", (-np.inf, np.inf)),
]


@pytest.mark.parametrize(("values", "chosen", "expected"), RANGES)
def test_a_range_is_that_of_the_training_rows_or_as_it_is_set(values, chosen, expected):
    target = fit(np.array(values), range=chosen)
    y = target.decode_predictions(np.array([[-1e4], [1e4]]))
    far = target.decode(np.array([[-1e4], [1e4]]))
    np.testing.assert_allclose(y, np.clip(far, *expected))
    again = restore_target(target.state())
    np.testing.assert_array_equal(again.decode_predictions(np.array([[-1e4], [1e4]])), y)


def test_the_range_is_printed():
    assert fit(np.array([0.5, 2.0])).build_notes()[-1] == (
        "predictions are kept within: 'y' 0.5 to 2 (the range of the training rows; to change it, set "
        "data.target_range)"
    )
    told = fit(np.array([0.5, 2.0]), range="sign").build_notes()[-1]
    assert told.startswith("predictions are kept within: 'y' at least 0 (the sign of the training rows;")
    told = fit(np.array([0.5, 2.0]), range=(0.0, 3.0)).build_notes()[-1]
    assert told == "predictions are kept within: 'y' 0 to 3 (set by data.target_range)"


def test_rows_split_by_time_may_leave_the_range_but_not_the_sign(write):
    path = str(write("t.csv", "x,day,y\n" + "".join(f"{i * 7 % 13},{2000 + i},{i}\n" for i in range(60))))
    by_time = load_data(DataOptions(path, split="time", split_column="day", target="y"), seed=1).preprocessor.target
    assert (by_time.low.tolist(), by_time.high.tolist()) == ([0], [np.inf])
    at_random = load_data(DataOptions(path, target="y"), seed=1)
    kept = at_random.preprocessor.target.decode(at_random.train.targets[:])
    assert at_random.preprocessor.target.low[0] == pytest.approx(kept.min(), abs=1e-4)
    assert at_random.preprocessor.target.high[0] == pytest.approx(kept.max(), abs=1e-4)


def test_each_number_has_a_scale_of_its_own(write, tmp_path):
    y = lognormal(2)
    body = "x,a,b\n" + "".join(f"{i * 37 % 101},{value!r},{i}\n" for i, value in enumerate(y.tolist()))
    path = str(write("t.csv", body))
    prepared = load_data(DataOptions(path, target=("a", "b")), seed=1)
    assert prepared.preprocessor.target.transform == {"a": "log", "b": "none"}
    for options in ({"target_transform": {"a": "log"}}, {"target_transform": {"a": "log", "b": "none"}}):
        same = load_data(DataOptions(path, target=("a", "b"), **options), seed=1)
        np.testing.assert_array_equal(same.train.targets, prepared.train.targets)
    alone = load_data(DataOptions(path, target="a", ignore=("b",)), seed=1)
    np.testing.assert_allclose(alone.train.targets[:, 0], prepared.train.targets[:, 0], atol=1e-6)
    streamed = load_data(DataOptions(path, target=("a", "b"), stream=True, cache=str(tmp_path / "cache")), seed=1)
    np.testing.assert_array_equal(streamed.train.targets[:], prepared.train.targets)
    text = refusal(load_data, DataOptions(path, target=("a", "b"), target_transform={"c": "log"}), seed=1)
    assert "data.target_transform: expected columns of the target, 'a', 'b', got 'c'" in text


def test_a_restored_schema_and_rows_from_the_disk_give_the_same_bits(write, tmp_path):
    path = str(write("t.csv", table(lognormal(2))))
    first = load_data(DataOptions(path), seed=1)
    assert first.preprocessor.target.transform == "log"
    again = load_data(DataOptions(path), seed=1, preprocessor=restore_preprocessor(first.preprocessor.state()))
    streamed = load_data(DataOptions(path, stream=True, cache=str(tmp_path / "cache")), seed=1)
    for other in (again, streamed):
        for name in ("mean", "std", "log_start", "low", "high"):
            np.testing.assert_array_equal(
                getattr(first.preprocessor.target, name), getattr(other.preprocessor.target, name)
            )
        np.testing.assert_array_equal(first.train.targets, other.train.targets[:])
        np.testing.assert_array_equal(first.test.targets, other.test.targets[:])


def test_a_state_of_before_there_was_a_range_predicts_as_it_did():
    values = np.array([1.0, 2.0, 4.0])
    state = fit(values).state()
    for name in ("log_start", "low", "high"):
        del state[name]
    target = restore_target(state)
    y = np.array([[-9.0], [0.3], [9.0]])
    np.testing.assert_array_equal(target.decode_predictions(y), y * values.std() + values.mean())


@pytest.mark.parametrize("name", ["log_start", "low", "high"])
def test_a_state_of_other_sizes_is_refused(name):
    state = fit(np.array([1.0, 2.0, 4.0])).state() | {name: np.zeros(2)}
    with pytest.raises(CheckpointError, match="NumberTarget"):
        restore_target(state)


WRONG = [
    ([1.0, 2.0, 0.0], {"transform": "log"}, "data.target_transform: expected numbers above 0 for a log scale, got 0"),
    ([1.0, 2.0, 1.5], {"range": (0.0, 1.0)}, "data.target_range: expected training rows from 0 to 1, got 2"),
]


@pytest.mark.parametrize(("values", "options", "told"), WRONG)
def test_what_the_training_rows_cannot_be_is_refused(values, options, told):
    assert told in refusal(fit, np.array(values), **options)


def test_classes_have_no_log_scale(write):
    path = str(write("t.csv", "x,y\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40))))
    text = refusal(load_data, DataOptions(path, target_transform="log"), seed=1)
    assert "data.target_transform: expected numbers to predict, got a classification target; remove it" in text


def test_figures_and_leaks_are_reported_in_the_units_of_the_file(write):
    y = lognormal(2)
    body = "x,twice,power,y\n" + "".join(
        f"{i * 37 % 101},{2 * value!r},{float(np.log(value))!r},{value!r}\n" for i, value in enumerate(y.tolist())
    )
    found = inspect_data(DataOptions(str(write("t.csv", body))), seed=1)
    train = found.splits.preprocessor.target.decode(found.splits.train.targets)[:, 0]
    figures = {what: values["train"] for what, values in found.balance.items()}
    expected = {"mean": train.mean(), "std": train.std(), "min": train.min(), "max": train.max()}
    assert figures == pytest.approx(expected, rel=1e-6)
    leaks = " ".join(note for note in found.splits.notes if "leaks the target" in note)
    assert "'twice'" in leaks
    assert "'power'" in leaks
