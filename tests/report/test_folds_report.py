"""The report of a cross-validation, and of an average of networks."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.report.run_report import write_report

KEYS = ("--set", "train.epochs=2", "--set", "model.hidden=[4]")
DATA = ("datasets/iris.csv", "--target", "species", *KEYS)


def test_a_cross_validation_has_the_scores_of_each_fold(tmp_path: Path) -> None:
    run = tmp_path / "folds"
    assert run_command(["fit", *DATA, "--folds", "3", "--out", str(run), "--report"]) == 0
    html = (run / "report.html").read_text()
    scores = json.loads((run / "folds.json").read_text())
    values = [fold["test"]["accuracy"] for fold in scores["folds"]]
    for value in (*values, statistics.fmean(values), statistics.stdev(values)):
        assert f"{value:.4f}" in html
    assert "Each of 3 networks is scored on its own test rows" in html


def test_the_report_of_an_average_has_its_scores(tmp_path: Path) -> None:
    run = tmp_path / "average"
    assert run_command(["fit", *DATA, "--set", "data.validation_folds=3", "--out", str(run), "--report"]) == 0
    html = (run / "report.html").read_text()
    average = json.loads((run / "scores.json").read_text())
    assert f"{average['test']['accuracy']:.4f}" in html
    assert "Scores of the average of the networks" in html


def test_plots_are_written_as_png(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert run_command(["fit", *DATA, "--out", str(run)]) == 0
    assert not (run / "report.html").exists()
    write_report(run, tmp_path / "plots")
    names = {path.name for path in (tmp_path / "plots").iterdir()}
    assert {"curve-loss.png", "confusion-matrix.png", "importance.png", "distributions.png"} <= names
    for path in (tmp_path / "plots").iterdir():
        assert path.read_bytes().startswith(b"\x89PNG")


def test_a_report_that_fails_is_a_warning_and_the_run_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("nntrain.report.run_report.write_report", fail)
    run = tmp_path / "run"
    assert run_command(["fit", *DATA, "--out", str(run), "--report"]) == 0
    assert "Warning: the report could not be written: a bug" in capsys.readouterr().err
    assert (run / "scores.json").is_file()


def test_a_run_that_is_resumed_has_no_report_of_its_earlier_epochs(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert run_command(["fit", *DATA, "--out", str(run), "--report"]) == 0
    assert (run / "report.html").is_file()
    assert run_command(["resume", str(run), "--set", "train.epochs=3"]) == 0
    assert not (run / "report.html").exists()
