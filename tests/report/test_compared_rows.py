"""Which rows are compared: those of a labeled file, and rows that cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli.main import run_command
from nntrain.report.run_comparison import compare_runs
from tests.report import runs


def compare_on(compared: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON of a comparison on a labeled file."""
    data = compared / "labeled.csv"
    data.write_text(text)
    capsys.readouterr()
    arguments = [str(compared / "two"), str(compared / "poor"), "--data", str(data), "--json"]
    assert run_command(["compare", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_other_runs_are_compared_on_a_labeled_file(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (compared / "two.csv").read_text().splitlines()
    found = compare_on(compared, "\n".join(lines[:201]), capsys)
    assert (found["set"], found["rows"], found["comparisons"][0]["row_of"]) == ("labeled", 200, "file")
    assert any("rows are the same as training rows" in warning for warning in found["warnings"])
    for row in found["comparisons"][0]["largest_differences"]:
        assert lines[row["row"]].endswith(f'"{row["true"]}"')
    predicted = compared / "predicted.csv"
    for side in ("best", "other"):
        run = found["comparisons"][0][side]
        arguments = [run, str(compared / "labeled.csv"), "-o", str(predicted)]
        assert run_command(["predict", *arguments]) == 0
        expected = [line.split(",")[0].strip('"') for line in predicted.read_text().splitlines()[1:]]
        for row in found["comparisons"][0]["largest_differences"]:
            assert row[side].split()[0] == expected[row["row"] - 1]


def test_rows_without_a_target_do_not_shift_the_numbers(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (compared / "two.csv").read_text().splitlines()
    unlabeled = [f"{line.rpartition(',')[0]}," for line in lines[1:6]]
    found = compare_on(compared, "\n".join([lines[0], *unlabeled, *lines[1:101]]), capsys)
    (pair,) = found["comparisons"]
    assert (found["rows"], pair["row_of"]) == (100, "labeled set")
    assert all(lines[row["row"]].endswith(f'"{row["true"]}"') for row in pair["largest_differences"])


def test_training_rows_are_not_compared(compared: Path) -> None:
    for name in ("all", "all-poor"):
        runs.train_again(compared, name, "data.validation_folds=2", "data.test=0", "train.epochs=1")
    found = compare_runs([compared / "all", compared / "all-poor"])
    assert "has no rows that it was not trained on; or compare them on a labeled file" in found.reason


def test_other_sample_weights_are_not_compared(compared: Path) -> None:
    runs.train_again(compared, "weighted", "data.sample_weight=b", "train.epochs=1", data="positive.csv")
    runs.train_again(compared, "unweighted", "data.ignore=['b']", "train.epochs=1", data="positive.csv")
    assert "have different sample weights" in compare_runs([compared / "weighted", compared / "unweighted"]).reason


def test_data_that_is_missing_is_the_reason(compared: Path, tmp_path: Path) -> None:
    shutil.copy(compared / "two.csv", tmp_path)
    for name in ("a", "b"):
        runs.train_again(tmp_path, name, "train.epochs=1")
    (tmp_path / "two.csv").unlink()
    found = compare_runs([tmp_path / "a", tmp_path / "b"])
    assert "two.csv" in found.reason
    assert found.reason.endswith("; or compare them on a labeled file: --data FILE")
    assert [set(scores) for scores in found.scores] == [{"train", "validation", "test"}] * 2
