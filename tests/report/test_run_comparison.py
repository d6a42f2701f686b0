"""Comparing runs: scores, statistics, and runs that cannot be compared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.compute.array import Array
from nntrain.report.comparison_text import build_row_table, iterate_verdict
from nntrain.report.run_comparison import compare_runs
from tests.report import runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs ``two``, ``poor`` (trained less), ``twin`` (the same as ``two``) and ``numbers``."""
    folder = tmp_path_factory.mktemp("runs")
    runs.two_classes(folder)
    runs.numbers(folder)
    train(folder, "poor", "train.epochs=1")
    shutil.copytree(folder / "two", folder / "twin")
    lines = (folder / "two.csv").read_text().splitlines()
    (folder / "positive.csv").write_text("\n".join(line.replace("-", "") for line in lines))
    return folder


def train(folder: Path, name: str, *keys: str, target: Sequence[str] = ("answer",), data: str = "two.csv") -> None:
    """Train a run next to its data, with other keys than the run ``two``."""
    positive = ("--positive", "yes") if data != "numbers.csv" else ()
    given = [part for column in target for part in ("--target", column)]
    given += [part for key in (*runs.KEYS, *keys) for part in ("--set", key)]
    out = ("--out", str(folder / name), "--no-report")
    assert run_command(["fit", str(folder / data), *given, *positive, *runs.HIDDEN, *out]) == 0


def test_a_better_run_is_named_with_the_test(folder: Path) -> None:
    found = compare_runs([folder / "poor", folder / "two"])
    (pair,) = found.pairs
    assert pair.best == str(folder / "two")
    rows, sentence = iterate_verdict(found)
    assert rows == "Compared on 60 common test rows."
    assert sentence.startswith(f"{folder / 'two'} is better than {folder / 'poor'} by ")
    assert "more than chance" in sentence
    assert "McNemar p = " in sentence
    assert "Its loss is lower by " in sentence
    one, other = found.predictions
    assert pair.different == (one.labels != other.labels).sum() > 0
    assert all(one.labels[row] != other.labels[row] for row in pair.rows)
    assert found.config["train.epochs"] == (1, 15)


def test_the_difference_is_that_of_the_scores_of_the_runs(folder: Path) -> None:
    (pair,) = compare_runs([folder / "poor", folder / "two"]).pairs
    best, other = (json.loads((folder / name / "scores.json").read_text())["test"] for name in ("two", "poor"))
    assert pair.result.difference == pytest.approx(best["accuracy"] - other["accuracy"])
    assert pair.loss is not None
    assert pair.loss.difference == pytest.approx(best["loss"] - other["loss"], rel=1e-4)
    assert pair.result.resamples == pair.loss.resamples == 10_000


def test_listed_rows_are_those_of_the_file(folder: Path) -> None:
    found = compare_runs([folder / "poor", folder / "two"])
    table = build_row_table(found, found.pairs[0])
    lines = (folder / "two.csv").read_text().splitlines()[1:]
    assert table.header[0] == "row of the file"
    assert table.rows
    for number, truth, *predictions in table.rows:
        assert lines[int(number) - 1].endswith(f'"{truth}"')
        assert predictions[0].split()[0] != predictions[1].split()[0]


def compare_on(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON of a comparison on a labeled file."""
    data = folder / "labeled.csv"
    data.write_text(text)
    capsys.readouterr()
    arguments = [str(folder / "two"), str(folder / "poor"), "--data", str(data), "--json"]
    assert run_command(["compare", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_other_runs_are_compared_on_a_labeled_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (folder / "two.csv").read_text().splitlines()
    found = compare_on(folder, "\n".join(lines[:201]), capsys)
    assert (found["set"], found["rows"], found["comparisons"][0]["row_of"]) == ("labeled", 200, "file")
    assert any("rows are the same as training rows" in warning for warning in found["warnings"])
    for row in found["comparisons"][0]["largest_differences"]:
        assert lines[row["row"]].endswith(f'"{row["true"]}"')
    predicted = folder / "predicted.csv"
    for side in ("best", "other"):
        run = found["comparisons"][0][side]
        arguments = [run, str(folder / "labeled.csv"), "-o", str(predicted)]
        assert run_command(["predict", *arguments]) == 0
        expected = [line.split(",")[0].strip('"') for line in predicted.read_text().splitlines()[1:]]
        for row in found["comparisons"][0]["largest_differences"]:
            assert row[side].split()[0] == expected[row["row"] - 1]


def test_rows_without_a_target_do_not_shift_the_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (folder / "two.csv").read_text().splitlines()
    unlabeled = [f"{line.rpartition(',')[0]}," for line in lines[1:6]]
    found = compare_on(folder, "\n".join([lines[0], *unlabeled, *lines[1:101]]), capsys)
    (pair,) = found["comparisons"]
    assert (found["rows"], pair["row_of"]) == (100, "labeled set")
    assert all(lines[row["row"]].endswith(f'"{row["true"]}"') for row in pair["largest_differences"])


def test_the_p_of_three_runs_is_corrected(folder: Path) -> None:
    two = compare_runs([folder / "poor", folder / "two"])
    three = compare_runs([folder / "poor", folder / "two", folder / "twin"])
    assert len(three.pairs) == 2
    assert {pair.best for pair in three.pairs} == {str(folder / "two")}
    by_name = {pair.other: pair.result for pair in three.pairs}
    assert by_name[str(folder / "poor")].p == pytest.approx(min(1, 2 * two.pairs[0].result.p))
    twin = by_name[str(folder / "twin")]
    assert (twin.difference, twin.low, twin.high, twin.p) == (0, 0, 0, 1)
    *_, sentence, note = iterate_verdict(three)
    assert "have the same accuracy (95 % interval 0 to 0, McNemar p = 1): not more than chance" in sentence
    assert "corrected for 2 comparisons" in note


def test_runs_with_other_metrics_are_compared_by_that_of_the_first(folder: Path) -> None:
    train(folder, "f1", "train.monitor=f1", "train.metrics=['f1']")
    found = compare_runs([folder / "f1", folder / "two"])
    assert found.score_name == "f1"
    one, other = found.predictions
    scores = [compute_f1(predictions.labels, predictions.truths) for predictions in (one, other)]
    assert abs(found.pairs[0].result.difference) == pytest.approx(abs(scores[0] - scores[1]))


def compute_f1(y: Array, t: Array) -> float:
    """F1 of the positive class, which is the second."""
    return float(2 * (y * t).sum() / (y.sum() + t.sum()))


def test_runs_without_metrics_are_compared_by_their_loss(folder: Path) -> None:
    train(folder, "loss", "train.metrics=[]")
    train(folder, "loss-poor", "train.metrics=[]", "train.epochs=1")
    found = compare_runs([folder / "loss-poor", folder / "loss"])
    assert found.score_name == "loss"
    (pair,) = found.pairs
    assert pair.best == str(folder / "loss")
    assert pair.result == pair.loss
    assert "is better than" in list(iterate_verdict(found))[1]


def test_numbers_are_compared_by_a_bootstrap(folder: Path) -> None:
    train(folder, "numbers-poor", "train.epochs=1", target=("sum", "difference"), data="numbers.csv")
    found = compare_runs([folder / "numbers", folder / "numbers-poor"])
    (pair,) = found.pairs
    sign = 1 if found.higher_is_better else -1
    assert sign * pair.result.difference > 0
    assert pair.result.low < pair.result.difference < pair.result.high
    assert "paired bootstrap p = 0.0002" in list(iterate_verdict(found))[1]
    assert "disagree" not in list(iterate_verdict(found))[1]


def test_an_average_is_compared_on_the_test_rows_and_a_cross_validation_by_its_mean(folder: Path) -> None:
    average, folds = folder / "average", folder / "folds"
    train(folder, "average", "data.validation_folds=2", "train.epochs=2")
    train(folder, "folds", "data.folds=2", "train.epochs=1")
    found = compare_runs([folder / "two", average])
    (pair,) = found.pairs
    scores = [json.loads((path / "scores.json").read_text())["test"]["accuracy"] for path in (folder / "two", average)]
    assert abs(pair.result.difference) == pytest.approx(abs(scores[0] - scores[1]))
    assert found.config["data.validation_folds"] == ("(default)", 2)
    found = compare_runs([average, folds])
    assert "folds: each of its networks predicts other rows" in found.reason
    mean = json.loads((folds / "folds.json").read_text())["mean"]["test"]
    assert found.scores[1] == {"test, mean of 2 folds": mean}


def test_training_rows_are_not_compared(folder: Path) -> None:
    for name in ("all", "all-poor"):
        train(folder, name, "data.validation_folds=2", "data.test=0", "train.epochs=1")
    found = compare_runs([folder / "all", folder / "all-poor"])
    assert "has no rows that it was not trained on; or compare them on a labeled file" in found.reason


def test_other_sample_weights_are_not_compared(folder: Path) -> None:
    train(folder, "weighted", "data.sample_weight=b", "train.epochs=1", data="positive.csv")
    train(folder, "unweighted", "data.ignore=['b']", "train.epochs=1", data="positive.csv")
    assert "have different sample weights" in compare_runs([folder / "weighted", folder / "unweighted"]).reason


def test_data_that_is_missing_is_the_reason(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "two.csv", tmp_path)
    for name in ("a", "b"):
        train(tmp_path, name, "train.epochs=1")
    (tmp_path / "two.csv").unlink()
    found = compare_runs([tmp_path / "a", tmp_path / "b"])
    assert "two.csv" in found.reason
    assert found.reason.endswith("; or compare them on a labeled file: --data FILE")
    assert [set(scores) for scores in found.scores] == [{"train", "validation", "test"}] * 2


def test_a_run_without_metadata_is_refused_in_one_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder / "poor", tmp_path / "poor")
    (tmp_path / "poor" / "run.json").unlink()
    assert run_command(["compare", str(folder / "two"), str(tmp_path / "poor")]) not in (0, 70)
    assert "run.json: no such file; the run folder is incomplete" in capsys.readouterr().err


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
    lines = (folder / "two" / "metrics.jsonl").read_text().splitlines()
    assert found["curves"][str(folder / "two")] == [json.loads(line) for line in lines]
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
    folder: Path, names: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [name if name.startswith("-") else f"{folder}/{name.format(name=folder.name)}" for name in names]
    assert run_command(["compare", *arguments]) not in (0, 70)
    assert message in capsys.readouterr().err
