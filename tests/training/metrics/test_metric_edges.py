"""Metrics where rows say little: one class, constant targets, no numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nntrain.errors import ArgumentError
from nntrain.training.metrics.accuracy import Accuracy
from nntrain.training.metrics.calibration_error import CalibrationError
from nntrain.training.metrics.explained_variance import ExplainedVariance
from nntrain.training.metrics.f1 import F1
from nntrain.training.metrics.log_loss import LogLoss
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.pr_auc import PRAUC
from nntrain.training.metrics.r2 import R2
from nntrain.training.metrics.rmse import RMSE
from nntrain.training.metrics.roc_auc import ROCAUC
from nntrain.training.metrics.top_k import TopK

TWO = ["no", "yes"]


def begun(metric: Metric, labels: list[str] = TWO) -> Metric:
    metric.reset("classification", labels)
    return metric


def numbers(metric: Metric, y: list[float], t: list[float]) -> float:
    metric.reset("regression", ["x"])
    metric.update(np.array(y)[:, None], np.array(t)[:, None])
    return float(metric.compute())


@pytest.mark.parametrize("cls", [ROCAUC, PRAUC])
def test_an_area_of_one_class_is_not_defined(cls: type[Metric]) -> None:
    metric = begun(cls())
    metric.update(np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([1, 1]))
    assert math.isnan(metric.compute())
    metric.update(np.array([[0.9, 0.1]]), np.array([0]))
    assert metric.compute() == 1


@pytest.mark.parametrize("cls", [ROCAUC, PRAUC, LogLoss, CalibrationError])
def test_probabilities_that_are_no_numbers_have_no_score(cls: type[Metric]) -> None:
    metric = begun(cls())
    metric.update(np.full((3, 2), np.nan, np.float32), np.array([0, 1, 1]))
    assert math.isnan(metric.compute())


def test_an_area_of_rows_that_do_not_count_is_not_defined() -> None:
    metric = begun(ROCAUC())
    metric.update(np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([1, 0]), np.array([1.0, 0.0]))
    assert math.isnan(metric.compute())


@pytest.mark.parametrize("cls", [R2, ExplainedVariance])
@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_a_constant_target_has_nothing_to_explain(cls: type[Metric], level: float) -> None:
    assert numbers(cls(), [level + 1, level, level], [level] * 3) == 0
    assert numbers(cls(), [level] * 3, [level] * 3) == 1


@pytest.mark.parametrize("cls", [R2, ExplainedVariance])
def test_rows_that_do_not_count_change_nothing(cls: type[Metric]) -> None:
    metric = cls()
    expected = numbers(metric, [1, 2, 4], [1, 3, 4])
    metric.update(np.array([[1e9]]), np.array([[-1e9]]), np.zeros(1, np.float32))
    assert metric.compute() == expected


def test_an_error_on_average_is_a_bias_to_one_and_none_to_the_other() -> None:
    assert numbers(ExplainedVariance(), [11, 12, 13], [1, 2, 3]) == 1
    assert numbers(R2(), [11, 12, 13], [1, 2, 3]) == pytest.approx(1 - 300 / 2)


def test_columns_have_roots_of_their_own() -> None:
    metric = RMSE()
    metric.reset("regression", ["a", "b"])
    metric.update(np.array([[3.0, 100.0], [3.0, 100.0]]), np.zeros((2, 2)))
    assert metric.compute() == pytest.approx((3 + 100) / 2)


def test_the_positive_class_is_the_second_of_two() -> None:
    metric = begun(F1("positive"))
    metric.update(np.array([1, 1, 0, 0, 0]), np.array([1, 0, 1, 0, 0]))
    assert metric.compute() == 0.5
    with pytest.raises(ArgumentError, match='f1: expected two classes for average = "positive"'):
        begun(F1("positive"), ["a", "b", "c"])


def test_k_is_below_the_number_of_classes() -> None:
    with pytest.raises(ArgumentError, match="top_k: expected k below the number of classes, 3, got 3"):
        begun(TopK(3), ["a", "b", "c"])
    with pytest.raises(ArgumentError, match="top_k: expected k of at least 1, got 0"):
        TopK(0)
    with pytest.raises(ArgumentError, match="calibration_error: expected bins of at least 1, got 0"):
        CalibrationError(0)


def test_a_key_shows_the_options_that_are_not_the_defaults() -> None:
    metrics = (Accuracy(), F1(), F1("macro"), F1(average="micro"), TopK(), TopK(3), CalibrationError(bins=15))
    assert [metric.key for metric in metrics] == [
        *("accuracy", "f1", "f1", "f1_micro", "top_k", "top_k_3", "calibration_error")
    ]


def test_confidence_that_is_right_is_calibrated() -> None:
    metric = begun(CalibrationError())
    metric.update(np.array([[0.25, 0.75]] * 4), np.array([1, 1, 1, 0]))
    assert metric.compute() == 0
    metric.update(np.array([[0.0, 1.0]] * 4), np.array([0] * 4))
    assert metric.compute() == 0.5
