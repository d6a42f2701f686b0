"""Comparing runs: scores, statistics, and runs that cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.compute.array import Array
from nntrain.report.comparison_text import build_row_table, iterate_verdict
from nntrain.report.run_comparison import compare_runs
from tests.report import runs


def test_a_better_run_is_named_with_the_test(compared: Path) -> None:
    found = compare_runs([compared / "poor", compared / "two"])
    (pair,) = found.pairs
    assert pair.best == str(compared / "two")
    rows, sentence = iterate_verdict(found)
    assert rows == "Compared on 60 common test rows."
    assert sentence.startswith(f"{compared / 'two'} is better than {compared / 'poor'} by ")
    assert "more than chance" in sentence
    assert "McNemar p = " in sentence
    assert "Its loss is lower by " in sentence
    one, other = found.predictions
    assert pair.different == (one.labels != other.labels).sum() > 0
    assert all(one.labels[row] != other.labels[row] for row in pair.rows)
    assert found.config["train.epochs"] == (1, 15)


def test_the_difference_is_that_of_the_scores_of_the_runs(compared: Path) -> None:
    (pair,) = compare_runs([compared / "poor", compared / "two"]).pairs
    best, other = (json.loads((compared / name / "scores.json").read_text())["test"] for name in ("two", "poor"))
    assert pair.result.difference == pytest.approx(best["accuracy"] - other["accuracy"])
    assert pair.loss is not None
    assert pair.loss.difference == pytest.approx(best["loss"] - other["loss"], rel=1e-4)
    assert pair.result.resamples == pair.loss.resamples == 10_000


def test_listed_rows_are_those_of_the_file(compared: Path) -> None:
    found = compare_runs([compared / "poor", compared / "two"])
    table = build_row_table(found, found.pairs[0])
    lines = (compared / "two.csv").read_text().splitlines()[1:]
    assert table.header[0] == "row of the file"
    assert table.rows
    for number, truth, *predictions in table.rows:
        assert lines[int(number) - 1].endswith(f'"{truth}"')
        assert predictions[0].split()[0] != predictions[1].split()[0]


def test_the_p_of_three_runs_is_corrected(compared: Path) -> None:
    two = compare_runs([compared / "poor", compared / "two"])
    three = compare_runs([compared / "poor", compared / "two", compared / "twin"])
    assert len(three.pairs) == 2
    assert {pair.best for pair in three.pairs} == {str(compared / "two")}
    by_name = {pair.other: pair.result for pair in three.pairs}
    assert by_name[str(compared / "poor")].p == pytest.approx(min(1, 2 * two.pairs[0].result.p))
    twin = by_name[str(compared / "twin")]
    assert (twin.difference, twin.low, twin.high, twin.p) == (0, 0, 0, 1)
    *_, sentence, note = iterate_verdict(three)
    assert "have the same accuracy (95 % interval 0 to 0, McNemar p = 1): not more than chance" in sentence
    assert "corrected for 2 comparisons" in note


def test_runs_with_other_metrics_are_compared_by_that_of_the_first(compared: Path) -> None:
    runs.train_again(compared, "f1", "train.monitor=f1", "train.metrics=['f1']")
    found = compare_runs([compared / "f1", compared / "two"])
    assert found.score_name == "f1"
    one, other = found.predictions
    scores = [compute_f1(predictions.labels, predictions.truths) for predictions in (one, other)]
    assert abs(found.pairs[0].result.difference) == pytest.approx(abs(scores[0] - scores[1]))


def compute_f1(y: Array, t: Array) -> float:
    """F1 of the positive class, which is the second."""
    return float(2 * (y * t).sum() / (y.sum() + t.sum()))


def test_runs_without_metrics_are_compared_by_their_loss(compared: Path) -> None:
    runs.train_again(compared, "loss", "train.metrics=[]")
    runs.train_again(compared, "loss-poor", "train.metrics=[]", "train.epochs=1")
    found = compare_runs([compared / "loss-poor", compared / "loss"])
    assert found.score_name == "loss"
    (pair,) = found.pairs
    assert pair.best == str(compared / "loss")
    assert pair.result == pair.loss
    assert "is better than" in list(iterate_verdict(found))[1]


def test_numbers_are_compared_by_a_bootstrap(compared: Path) -> None:
    runs.train_again(compared, "numbers-poor", "train.epochs=1", target=("sum", "difference"), data="numbers.csv")
    found = compare_runs([compared / "numbers", compared / "numbers-poor"])
    (pair,) = found.pairs
    sign = 1 if found.higher_is_better else -1
    assert sign * pair.result.difference > 0
    assert pair.result.low < pair.result.difference < pair.result.high
    assert "paired bootstrap p = 0.0002" in list(iterate_verdict(found))[1]
    assert "disagree" not in list(iterate_verdict(found))[1]


def test_an_average_is_compared_on_the_test_rows_and_a_cross_validation_by_its_mean(compared: Path) -> None:
    average, folds = compared / "average", compared / "folds"
    runs.train_again(compared, "average", "data.validation_folds=2", "train.epochs=2")
    runs.train_again(compared, "folds", "data.folds=2", "train.epochs=1")
    found = compare_runs([compared / "two", average])
    (pair,) = found.pairs
    scores = [
        json.loads((path / "scores.json").read_text())["test"]["accuracy"] for path in (compared / "two", average)
    ]
    assert abs(pair.result.difference) == pytest.approx(abs(scores[0] - scores[1]))
    assert found.config["data.validation_folds"] == ("(default)", 2)
    found = compare_runs([average, folds])
    assert "folds: each of its networks predicts other rows" in found.reason
    mean = json.loads((folds / "folds.json").read_text())["mean"]["test"]
    assert found.scores[1] == {"test, mean of 2 folds": mean}


def test_a_run_without_metadata_is_refused_in_one_line(
    compared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(compared / "poor", tmp_path / "poor")
    (tmp_path / "poor" / "run.json").unlink()
    assert run_command(["compare", str(compared / "two"), str(tmp_path / "poor")]) not in (0, 70)
    assert "run.json: no such file; the run folder is incomplete" in capsys.readouterr().err


def test_runs_with_other_targets_or_rows_are_not_compared_row_by_row(compared: Path) -> None:
    assert "predict different targets" in compare_runs([compared / "two", compared / "numbers"]).reason
    data = ("--target", "answer", "--positive", "yes", "--set", "train.seed=7", *runs.HIDDEN, "--set", "train.epochs=1")
    assert run_command(["fit", str(compared / "two.csv"), *data, "--out", str(compared / "seed")]) == 0
    found = compare_runs([compared / "two", compared / "seed"])
    assert "have different test rows" in found.reason
    assert not found.pairs
    assert [set(scores) for scores in found.scores] == [{"train", "validation", "test"}] * 2


def test_the_command_prints_json_and_writes_a_page(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = compared / "page.html"
    capsys.readouterr()
    assert run_command(["compare", str(compared / "two"), str(compared / "poor"), "--json", "-o", str(page)]) == 0
    found = json.loads(capsys.readouterr().out)
    scores = json.loads((compared / "two" / "scores.json").read_text())
    assert found["scores"][str(compared / "two")]["test"] == scores["test"]
    assert np.sign(found["comparisons"][0]["difference"]) == 1
    lines = (compared / "two" / "metrics.jsonl").read_text().splitlines()
    assert found["curves"][str(compared / "two")] == [json.loads(line) for line in lines]
    assert "Where they disagree" in page.read_text()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("two",), "expected two or more different runs"),
        (("two", "two"), "expected two or more different runs"),
        (("two", "../{name}/two"), "expected two or more different runs"),
        (("two", "poor", "--data", "nothing.csv"), "nothing.csv: no such file"),
        (("two", "poor", "--data", "numbers.csv"), "numbers.csv"),
        (("two", "nothing"), "nothing: not a run folder"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    compared: Path, names: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [name if name.startswith("-") else f"{compared}/{name.format(name=compared.name)}" for name in names]
    assert run_command(["compare", *arguments]) not in (0, 70)
    assert message in capsys.readouterr().err
