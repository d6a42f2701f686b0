"""Metrics against scikit-learn, over random rows with ties, absent classes and weights, in one batch and in several."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as sk

from nntrain.nn.building.factory import build_registered
from nntrain.training.metrics.metric import Metric
from tests.training.metric_cases import CASES, CLASSES, LABELS, ROWS, Array, Case

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)

OPTION = {"top_k": "k", "calibration_error": "bins", "precision": "average", "recall": "average", "f1": "average"}


def metric_of(named: str, task: str, count: int) -> Metric:
    """``f1:micro`` as a metric that has begun."""
    name, _, value = named.partition(":")
    options = {OPTION[name]: int(value) if value.isdigit() else value} if value else {}
    metric: Metric = build_registered({"type": name, **options}, "metric")
    metric.reset(task, [f"c{index}" for index in range(count)])  # type: ignore[arg-type]
    return metric


def feed(metric: Metric, y: Array, t: Array, w: Array | None, size: int = ROWS) -> None:
    """Give the rows in batches, each in memory that is overwritten afterwards."""
    if metric.takes == "labels":
        y = y > 0.5 if t.ndim == 2 else y.argmax(axis=1)
    for start in range(0, len(t), size):
        batch = [None if column is None else column[start : start + size].copy() for column in (y, t, w)]
        metric.update(*batch)  # type: ignore[arg-type]
        for column in batch:
            if column is not None:
                column.fill(0)


WEIGHTS = np.random.default_rng(12).choice([0, 0.5, 1, 3], ROWS).astype(np.float32)


@every_case
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("size", [ROWS, 17, 1])
def test_a_metric_is_what_scikit_learn_says(case: Case, weights: Array | None, size: int) -> None:
    named, task, (y, t), reference = case
    metric = metric_of(named, task, y.shape[1])
    feed(metric, y, t, weights, size)
    expected = reference(y, t, np.ones(ROWS) if weights is None else weights.astype(float))
    assert metric.compute() == pytest.approx(expected, rel=1e-9, abs=1e-12)


@every_case
def test_a_metric_goes_on_from_its_state_to_the_same_bits(case: Case) -> None:
    named, task, (y, t), _ = case
    whole, first, second = (metric_of(named, task, y.shape[1]) for _ in range(3))
    for metric in (whole, first):
        feed(metric, y[:120], t[:120], WEIGHTS[:120], 50)
    second.restore(first.state())
    for metric in (whole, second):
        feed(metric, y[120:], t[120:], WEIGHTS[120:], 50)
    assert whole.compute() == second.compute()
    feed(first, y[120:], t[120:], WEIGHTS[120:], 50)
    assert first.compute() == whole.compute(), "a state that was given away is a copy"


@every_case
def test_to_begin_is_to_forget(case: Case) -> None:
    named, task, (y, t), _ = case
    fresh, used = (metric_of(named, task, y.shape[1]) for _ in range(2))
    feed(used, y[::-1], t[::-1], WEIGHTS)
    used.reset(used.task, used.labels)
    for metric in (fresh, used):
        feed(metric, y, t, None)
    assert fresh.compute() == used.compute()


@every_case
def test_no_rows_have_no_score(case: Case) -> None:
    named, task, (y, _), _ = case
    metric = metric_of(named, task, y.shape[1])
    assert math.isnan(metric.compute())
    again = metric_of(named, task, y.shape[1])
    again.restore(metric.state())
    assert math.isnan(again.compute())


@pytest.mark.parametrize("task", ["classification", "multilabel"])
def test_the_table_of_classes_is_scikit_learn_s(task: str) -> None:
    y, t = CLASSES["a class that no row has"] if task == "classification" else LABELS["labels"]
    metric = metric_of("per_class", task, y.shape[1])
    feed(metric, y, t, WEIGHTS, 17)
    predicted = y.argmax(axis=1) if task == "classification" else y > 0.5
    expected = sk.precision_recall_fscore_support(
        t, predicted, labels=range(y.shape[1]), sample_weight=WEIGHTS.astype(float), zero_division=0
    )
    got = np.array([list(row.values()) for row in metric.compute().values()])
    np.testing.assert_allclose(got, np.transpose(expected), rtol=1e-12)
    assert list(metric.compute()) == [f"c{index}" for index in range(y.shape[1])]
    assert list(metric.compute()["c0"]) == ["precision", "recall", "f1", "support"]


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("name", CLASSES)
def test_the_confusion_matrix_is_scikit_learn_s(name: str, weights: Array | None) -> None:
    y, t = CLASSES[name]
    metric = metric_of("confusion_matrix", "classification", y.shape[1])
    feed(metric, y, t, weights, 17)
    got = np.array([list(row.values()) for row in metric.compute().values()])
    expected = sk.confusion_matrix(t, y.argmax(axis=1), labels=range(y.shape[1]), sample_weight=weights)
    np.testing.assert_allclose(got, expected)
    if weights is None:
        assert all(isinstance(count, int) for row in metric.compute().values() for count in row.values())


@pytest.mark.parametrize("count", [2, 5])
def test_the_logarithmic_loss_is_scikit_learn_s(count: int) -> None:
    random = np.random.default_rng(13)
    y, t = random.dirichlet(np.ones(count), ROWS), random.integers(0, count, ROWS)
    metric = metric_of("log_loss", "classification", count)
    feed(metric, y, t, WEIGHTS)
    assert metric.compute() == pytest.approx(sk.log_loss(t, y, sample_weight=WEIGHTS.astype(float)), rel=1e-9)
