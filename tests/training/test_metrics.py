"""Scores against their definitions, in one batch and in several."""

from collections.abc import Callable

import numpy as np
import pytest

from nntrain.training.metrics.accuracy import Accuracy
from nntrain.training.metrics.mae import MAE
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.r2 import R2
from nntrain.training.metrics.rmse import RMSE
from nntrain.training.scoreboard import Scoreboard

RANDOM = np.random.default_rng(5)
Y, T = RANDOM.normal(2e5, 3e4, (101, 1)), RANDOM.normal(2e5, 3e4, (101, 1))
LABELS, TRUTHS = RANDOM.integers(0, 3, 101), RANDOM.integers(0, 3, 101)

CASES: list[tuple[Callable[[], Metric], np.ndarray, np.ndarray, float]] = [
    (Accuracy, LABELS, TRUTHS, float(np.mean(LABELS == TRUTHS))),
    (MAE, Y, T, float(np.abs(Y - T).mean())),
    (RMSE, Y, T, float(np.sqrt(((Y - T) ** 2).mean()))),
    (R2, Y, T, float(1 - ((T - Y) ** 2).sum() / ((T - T.mean()) ** 2).sum())),
]


@pytest.mark.parametrize(("make", "y", "t", "expected"), CASES)
@pytest.mark.parametrize("size", [101, 10, 1])
def test_batches_add_up_to_the_definition(
    make: Callable[[], Metric], y: np.ndarray, t: np.ndarray, expected: float, size: int
) -> None:
    metric = make()
    for start in range(0, len(t), size):
        metric.update(y[start : start + size], t[start : start + size])
    assert metric.value() == pytest.approx(expected, rel=1e-9)


def test_a_constant_target_has_no_variance_to_explain() -> None:
    metric = R2()
    metric.update(np.zeros((3, 1)), np.ones((3, 1)))
    assert metric.value() == 0


def test_a_scoreboard_goes_on_from_its_state() -> None:
    whole, first, second = (Scoreboard([R2(), MAE()]) for _ in range(3))
    whole.update(1.5, Y[:60], T[:60])
    first.update(1.5, Y[:60], T[:60])
    second.restore(first.state())
    for board in (whole, second):
        board.update(0.5, Y[60:], T[60:])
    assert whole.values() == second.values()
    assert whole.values()["loss"] == pytest.approx((1.5 * 60 + 0.5 * 41) / 101)
