"""The numbers of a report are those of ``nntrain evaluate``, and of scikit-learn on the predictions."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_curve, roc_curve

from nntrain.cli.main import run_command
from nntrain.report.analysis.baselines import build_constant_baseline, build_linear_baseline, build_matrix
from nntrain.report.analysis.class_curves import compute_calibration, compute_threshold_curves
from nntrain.report.analysis.metric_scores import compute_interval
from nntrain.report.analysis.residuals import compute_error_by_size
from nntrain.report.page.rendering import render_page
from nntrain.report.run_report import build_report
from nntrain.report.sections.classes import build_mistakes, get_confusion_matrix
from nntrain.report.trained_run import TrainedRun
from nntrain.training.metrics.metric_selection import choose_headline
from tests.report import runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def two(folder: Path) -> TrainedRun:
    return TrainedRun.load(runs.two_classes(folder))


@pytest.fixture(scope="module")
def numbers(folder: Path) -> TrainedRun:
    return TrainedRun.load(runs.numbers(folder))


def evaluate(run: TrainedRun, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run_command(["evaluate", str(run.folder.path), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_scores_are_those_of_evaluate(two: TrainedRun, capsys: pytest.CaptureFixture[str]) -> None:
    expected = evaluate(two, capsys)
    assert two.predictions is not None
    assert {name: expected[name] for name in two.predictions.scores} == dict(two.predictions.scores)
    html = render_page(build_report(two))
    assert f"{expected['accuracy']:.4f}" in html
    assert f"{expected['roc_auc']:.4f}" in html


def test_the_confusion_matrix_is_that_of_scikit_learn(two: TrainedRun) -> None:
    predictions = two.predictions
    assert predictions is not None
    expected = confusion_matrix(predictions.truths, predictions.labels, labels=[0, 1])
    assert (get_confusion_matrix(predictions) == expected).all()


def test_the_curves_are_those_of_scikit_learn(two: TrainedRun) -> None:
    predictions = two.predictions
    assert predictions is not None
    p, t = predictions.probabilities[:, 1], predictions.truths == 1
    found = compute_threshold_curves(p, t, None)
    assert found is not None
    false, true, thresholds = roc_curve(t, p, drop_intermediate=False)
    np.testing.assert_allclose(found.false_positive_rate, false)
    np.testing.assert_allclose(found.true_positive_rate, true)
    np.testing.assert_allclose(found.thresholds, thresholds)
    precision, recall, _ = precision_recall_curve(t, p)
    np.testing.assert_allclose(found.precision, precision[::-1])
    np.testing.assert_allclose(found.true_positive_rate, recall[::-1])


def test_the_threshold_in_use_is_where_its_predictions_are(two: TrainedRun) -> None:
    predictions = two.predictions
    assert predictions is not None
    p, t = predictions.probabilities[:, 1], predictions.truths == 1
    found = compute_threshold_curves(p, t, None)
    assert found is not None
    for threshold in (0.1, 0.5, 0.9):
        expected = ((p > threshold) & t).sum() / t.sum()
        assert found.true_positive_rate[found.locate(threshold)] == pytest.approx(expected)


def test_the_calibration_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    p = random.random(1000)
    t = random.random(1000) < p
    found = compute_calibration(p, t, None)
    fraction, mean = calibration_curve(t, p, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(found.mean, mean)
    np.testing.assert_allclose(found.fraction, fraction)
    assert found.rows.sum() == 1000


def test_the_mistakes_have_the_rows_of_the_file(two: TrainedRun) -> None:
    predictions = two.predictions
    assert predictions is not None
    (table,) = (block for block in build_mistakes(two, predictions) if block.kind == "table")
    with open(two.config.data.path, newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = int((predictions.labels != predictions.truths).sum())
    assert len(table.rows) == min(wrong, 12) > 0  # type: ignore[union-attr]
    shown = [float(line[3]) for line in table.rows]  # type: ignore[union-attr]
    assert shown == sorted(shown, reverse=True)
    for line in table.rows:  # type: ignore[union-attr]
        row = rows[int(line[0].replace(",", "")) - 1]
        assert line[1] == row["answer"] != line[2]
        cells = dict(zip(table.header, line, strict=True))  # type: ignore[union-attr]
        assert cells["kind"] == row["kind"]
        assert float(cells["b"]) == float(row["b"])


def test_the_baselines_are_those_of_scikit_learn(two: TrainedRun) -> None:
    predictions, network, rows = two.predictions, two.network, two.rows
    assert predictions is not None
    assert network is not None
    assert rows is not None
    train, test = rows.splits.train, rows.splits.datasets["test"]
    x, new = (
        build_matrix(part.inputs, network.preprocessor, np.arange(part.rows)).astype(np.float64)
        for part in (train, test)
    )
    constant = build_constant_baseline(network.task, train, test.rows)
    expected = DummyClassifier(strategy="prior").fit(x, train.targets).predict_proba(new)
    np.testing.assert_allclose(constant.values, expected)
    linear = build_linear_baseline(network.task, network.preprocessor, train, test)
    assert linear is not None
    model = LogisticRegression(C=2, max_iter=1000).fit(x, train.targets)
    np.testing.assert_allclose(linear.values, model.predict_proba(new), atol=0.01)
    assert accuracy_score(predictions.truths, linear.values.argmax(axis=1)) > 0.6


def test_the_linear_regression_is_that_of_scikit_learn(numbers: TrainedRun) -> None:
    network, rows = numbers.network, numbers.rows
    assert network is not None
    assert rows is not None
    train, test = rows.splits.train, rows.splits.datasets["test"]
    linear = build_linear_baseline(network.task, network.preprocessor, train, test)
    assert linear is not None
    expected = Ridge(alpha=1.0).fit(train.inputs, train.targets).predict(test.inputs)
    np.testing.assert_allclose(linear.values, network.task.to_metric_targets(expected), rtol=1e-5, atol=1e-5)


def test_the_interval_covers_the_score_and_its_repetition_is_equal(two: TrainedRun) -> None:
    predictions = two.predictions
    assert predictions is not None
    metric = choose_headline(predictions.metrics, "loss")
    assert metric is not None
    found = compute_interval(metric, predictions)
    assert found.low <= found.score <= found.high
    assert found == compute_interval(metric, predictions)
    # The standard error of a proportion: the interval is about 2 · 1.96 of it wide.
    width = 2 * 1.96 * np.sqrt(found.score * (1 - found.score) / predictions.rows)
    assert found.high - found.low == pytest.approx(width, rel=0.3)


def test_errors_by_size_are_those_of_each_group() -> None:
    t = np.arange(100.0)
    found = compute_error_by_size(t + np.where(t < 50, 1.0, -3.0), t, None)
    assert found.rows.tolist() == [10] * 10
    assert found.mae.tolist() == [1.0] * 5 + [3.0] * 5
    assert found.bias.tolist() == [1.0] * 5 + [-3.0] * 5
    assert (found.low[0], found.high[-1]) == (0, 99)


def test_each_of_several_numbers_has_its_plots_and_errors(numbers: TrainedRun) -> None:
    html = render_page(build_report(numbers))
    for name in ("sum", "difference"):
        assert f"Predicted against true {name}" in html
        assert f"The largest errors of {name}" in html


def test_labels_and_three_classes_have_reports(folder: Path) -> None:
    for path, title in (
        (runs.labels(folder), "Scores of each label"),
        (runs.three_classes(folder), "Confusion matrix"),
    ):
        html = render_page(build_report(TrainedRun.load(path)))
        assert title in html
        assert "nan" not in html.lower().replace("nano", "")


def test_a_run_whose_data_has_changed_has_a_report_that_states_it(folder: Path) -> None:
    path = runs.three_classes(folder)
    data = folder / "three.csv"
    data.write_text(data.read_text() + "\n0.5,0.5,low")
    html = render_page(build_report(TrainedRun.load(path)))
    assert "has changed since the run started" in html
    assert "Confusion matrix" not in html
    assert "Training" in html
