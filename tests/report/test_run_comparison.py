"""Comparing runs: scores, statistics, and runs that cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.report.analysis.paired_tests import compare_scores, compute_mcnemar_p
from nntrain.report.run_comparison import compare_runs, format_verdict
from nntrain.report.trained_run import TrainedRun
from nntrain.training.metrics.metric_selection import build_metric
from tests.report import runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs ``two``, ``poor`` (trained less) and ``numbers``."""
    folder = tmp_path_factory.mktemp("runs")
    runs.two_classes(folder)
    runs.numbers(folder)
    data = ("--target", "answer", "--positive", "yes", "--set", "train.epochs=1", *runs.HIDDEN)
    assert run_command(["fit", str(folder / "two.csv"), *data, "--out", str(folder / "poor")]) == 0
    return folder


@pytest.mark.parametrize(
    ("first", "second", "p"),
    # Binomial tails, summed by hand: 2 · 1/2¹⁰, 2 · (1 + 8)/2⁸, and both halves.
    [(10, 0, 2 / 1024), (7, 1, 18 / 256), (5, 5, 1.0), (0, 0, 1.0), (1, 7, 18 / 256)],
)
def test_the_exact_p_of_mcnemar(first: int, second: int, p: float) -> None:
    assert compute_mcnemar_p(first, second) == pytest.approx(p)


def test_it_is_that_of_the_binomial_test_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn")
    for first, second in ((12, 3), (30, 22), (4, 9)):
        expected = stats.binomtest(first, first + second).pvalue
        assert compute_mcnemar_p(first, second) == pytest.approx(expected)


def test_a_difference_has_an_interval_around_it_and_none_if_predictions_are_equal(folder: Path) -> None:
    run = TrainedRun.load(folder / "two")
    predictions = run.predictions
    assert predictions is not None
    metric = build_metric(predictions.task, "accuracy")
    y, t = predictions.labels, predictions.truths
    same = compare_scores(metric, predictions.task, y, y, t, None)
    assert (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)
    perfect = compare_scores(metric, predictions.task, t, y, t, None)
    assert perfect.difference == pytest.approx(1 - predictions.scores["accuracy"])
    assert perfect.low < perfect.difference < perfect.high
    assert perfect.p == compute_mcnemar_p(int((y != t).sum()), 0)


def test_a_better_run_is_named_with_the_test(folder: Path) -> None:
    found = compare_runs([folder / "poor", folder / "two"])
    (pair,) = found.pairs
    assert pair.best == str(folder / "two")
    (sentence,) = format_verdict(found)
    assert "more than chance" in sentence
    assert "McNemar p = " in sentence
    one, other = (run.predictions for run in found.runs)
    assert one is not None
    assert other is not None
    assert pair.different == (one.labels != other.labels).sum() > 0
    assert all(one.labels[row] != other.labels[row] for row in pair.rows)
    assert found.config["train.epochs"] == [1, 15]


def test_runs_with_other_targets_or_rows_are_not_compared_row_by_row(folder: Path) -> None:
    assert "predict different targets" in compare_runs([folder / "two", folder / "numbers"]).reason
    data = ("--target", "answer", "--positive", "yes", "--set", "train.seed=7", *runs.HIDDEN, "--set", "train.epochs=1")
    assert run_command(["fit", str(folder / "two.csv"), *data, "--out", str(folder / "seed")]) == 0
    found = compare_runs([folder / "two", folder / "seed"])
    assert "have different test rows" in found.reason
    assert not found.pairs
    assert [set(scores) for scores in found.scores] == [{"train", "validation", "test"}] * 2


def test_the_command_prints_json_and_writes_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "page.html"
    capsys.readouterr()
    assert run_command(["compare", str(folder / "two"), str(folder / "poor"), "--json", "-o", str(page)]) == 0
    found = json.loads(capsys.readouterr().out)
    scores = json.loads((folder / "two" / "scores.json").read_text())
    assert found["scores"][str(folder / "two")]["test"] == scores["test"]
    assert np.sign(found["comparisons"][0]["difference"]) == 1
    assert "Where they disagree" in page.read_text()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("two",), "expected two or more different runs"),
        (("two", "two"), "expected two or more different runs"),
        (("two", "nothing"), "nothing: not a run folder"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    folder: Path, names: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["compare", *(str(folder / name) for name in names)]) != 0
    assert message in capsys.readouterr().err
