"""The statistics of comparisons: against enumeration, theory, published values and other libraries."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.report.analysis import paired_tests
from nntrain.report.analysis.metric_scores import find_better
from nntrain.report.analysis.paired_tests import (
    MAX_RESAMPLED_ROWS,
    bootstrap,
    build_difference,
    build_mean_difference,
    compare_losses,
    compare_scores,
    compute_mcnemar_p,
)
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun
from nntrain.training.metrics.metric_selection import build_metric
from nntrain.training.metrics.row_mean import RowMean
from tests.report import runs


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> SetPredictions:
    found = TrainedRun.load(runs.two_classes(tmp_path_factory.mktemp("runs"))).predictions
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("first", "second", "p"),
    # Binomial tails, summed by hand: 2 · 1/2¹⁰, 2 · (1 + 8)/2⁸, and both halves.
    [(10, 0, 2 / 1024), (7, 1, 18 / 256), (5, 5, 1.0), (0, 0, 1.0), (1, 7, 18 / 256), (1, 0, 1.0)],
)
def test_the_exact_p_of_mcnemar(first: int, second: int, p: float) -> None:
    assert compute_mcnemar_p(first, second) == pytest.approx(p)


@pytest.mark.parametrize(("first", "second"), [(3, 17), (40, 61), (480, 520), (900, 1100), (0, 1000)])
def test_it_is_the_sum_in_fractions(first: int, second: int) -> None:
    n = first + second
    exact = Fraction(2 * sum(comb(n, k) for k in range(min(first, second) + 1)), 2**n)
    assert compute_mcnemar_p(first, second) == pytest.approx(float(min(exact, Fraction(1))), rel=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(121, 59, 0.000004), (70, 59, 0.378688), (80, 59, 0.089452), (30, 60, 0.00206), (10, 30, 0.002221), (10, 10, 1.0)],
)
def test_it_is_the_published_value(first: int, second: int, p: float) -> None:
    # The online computation of Vassar College, with which the exact test of statsmodels is tested too.
    assert compute_mcnemar_p(first, second) == pytest.approx(p, abs=1e-6)


def test_it_is_that_of_the_binomial_test_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn")
    for first, second in ((12, 3), (30, 22), (4, 9), (150, 86)):
        expected = stats.binomtest(first, first + second).pvalue
        assert compute_mcnemar_p(first, second) == pytest.approx(expected)


def test_a_difference_has_an_interval_around_it_and_none_if_predictions_are_equal(predictions: SetPredictions) -> None:
    metric = build_metric(predictions.task, "accuracy")
    y, t = predictions.labels, predictions.truths
    same = compare_scores(metric, predictions.task, y, y, t, None)
    assert (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)
    perfect = compare_scores(metric, predictions.task, t, y, t, None)
    assert perfect.difference == pytest.approx(1 - predictions.scores["accuracy"])
    assert perfect.low < perfect.difference < perfect.high
    assert perfect.p == compute_mcnemar_p(int((y != t).sum()), 0)


def test_the_interval_is_that_of_every_possible_resample() -> None:
    gaps = np.array([3.0, -1.0, 0.5, 2.0, -0.25])
    every = np.array([gaps[list(rows)].mean() for rows in product(range(5), repeat=5)])
    found = compare_losses(gaps, np.zeros(5), None)
    assert found.difference == pytest.approx(gaps.mean())
    # The quantiles of 10,000 resamples are within these of all 3,125: 0.4 % of the probability on either side.
    for value, percent in ((found.low, 2.5), (found.high, 97.5)):
        low, high = np.percentile(every, [percent - 0.6, percent + 0.6])
        assert low <= value <= high
    exact = 2 * min((every <= 0).mean(), (every >= 0).mean())
    assert found.p == pytest.approx(exact, abs=0.02)


def test_the_interval_of_many_rows_is_that_of_the_normal_distribution() -> None:
    random = np.random.default_rng(3)
    first, second = random.exponential(size=(2, 2000))
    gaps = first - second
    found = compare_losses(first, second, None)
    width = 1.96 * gaps.std(ddof=1) / np.sqrt(2000)
    assert found.low == pytest.approx(gaps.mean() - width, abs=0.06 * width)
    assert found.high == pytest.approx(gaps.mean() + width, abs=0.06 * width)


def test_a_p_below_the_limit_is_as_rare_as_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paired_tests, "RESAMPLES", 500)
    random = np.random.default_rng(11)
    below = sum(compare_losses(*random.normal(size=(2, 60)), None).p < 0.05 for _ in range(100))
    # Binomial with n = 100 and 0.05: at most 12 in 99.9 % of all cases.
    assert 0 < below <= 12


@pytest.mark.parametrize("weighted", [False, True])
def test_terms_that_are_summed_give_the_score_of_the_rows(predictions: SetPredictions, weighted: bool) -> None:
    task, t = predictions.task, predictions.truths
    random = np.random.default_rng(5)
    weights = random.random(len(t)) if weighted else None
    other = np.where(random.random(len(t)) < 0.2, 1 - predictions.labels, predictions.labels)
    noisy = predictions.probabilities[random.permutation(len(t))]
    for name, y in (("accuracy", (predictions.labels, other)), ("log_loss", (predictions.probabilities, noisy))):
        metric = build_metric(task, name)
        assert isinstance(metric, RowMean)
        fast = build_mean_difference(metric, *y, t, weights)
        slow = build_difference(metric, task, *y, t, weights)
        assert bootstrap(fast, len(t), 1).low == pytest.approx(bootstrap(slow, len(t), 1).low)
        assert bootstrap(fast, len(t), 1).high == pytest.approx(bootstrap(slow, len(t), 1).high)


def test_a_root_of_a_mean_is_computed_from_the_sums(tmp_path: Path) -> None:
    found = TrainedRun.load(runs.numbers(tmp_path)).predictions
    assert found is not None
    metric = build_metric(found.task, "rmse")
    result = compare_scores(metric, found.task, found.numbers, found.truths, found.truths, None)
    assert result.difference == pytest.approx(np.sqrt(((found.numbers - found.truths) ** 2).mean(axis=0)).mean())
    assert result.resamples == 10_000


def test_scores_are_those_of_scikit_learn(predictions: SetPredictions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paired_tests, "RESAMPLES", 500)
    metrics = pytest.importorskip("sklearn.metrics")
    t, random = predictions.truths, np.random.default_rng(1)
    noisy = predictions.probabilities + random.normal(0, 0.3, predictions.probabilities.shape)
    both: list[tuple[str, tuple[Array, Array], list[float]]] = [
        ("accuracy", (predictions.labels, t), [metrics.accuracy_score(t, y) for y in (predictions.labels, t)]),
        (
            "roc_auc",
            (predictions.probabilities, noisy),
            [metrics.roc_auc_score(t, y[:, 1]) for y in (predictions.probabilities, noisy)],
        ),
        ("f1", (predictions.labels, 1 - t), [metrics.f1_score(t, y) for y in (predictions.labels, 1 - t)]),
    ]
    for name, (first, second), (one, other) in both:
        metric = build_metric(predictions.task, name)
        found = compare_scores(metric, predictions.task, first, second, t, None)
        assert found.difference == pytest.approx(one - other)


def test_losses_of_rows_have_the_loss_as_their_mean(predictions: SetPredictions) -> None:
    assert predictions.losses is not None
    assert predictions.losses.mean() == pytest.approx(predictions.scores["loss"], rel=1e-4)
    p = predictions.probabilities[np.arange(predictions.rows), predictions.truths]
    assert predictions.losses == pytest.approx(-np.log(p), rel=1e-3, abs=1e-5)


def test_large_sets_have_fewer_resamples_which_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(drawn: Array, counts: Array) -> float:
        return float(counts.sum())

    monkeypatch.setattr(paired_tests, "MIN_RESAMPLES", 3)
    assert bootstrap(compute, 10_000, 70_000).resamples == 7
    assert bootstrap(compute, 10_000, 1).resamples == 3
    assert MAX_RESAMPLED_ROWS // 3000 == 10_000


def test_an_undefined_score_is_the_worst() -> None:
    assert find_better([np.nan, 0.5, 0.7], higher_is_better=True) == 2
    assert find_better([np.nan, 0.5, 0.7], higher_is_better=False) == 1
    assert find_better([np.nan, np.nan], higher_is_better=True) == 0
