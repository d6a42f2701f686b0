"""The report of a run that trains has curves; predictions and test scores only when the run is complete."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.cli.progress_bar import ProgressBar
from nntrain.errors import RunError
from nntrain.report.serving.live_report import check_watchable, find_file_states, is_complete, render_live_report
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.run_folder.run_folder import RunFolder
from tests.cli.processes import IRIS

KEYS = ("--set", "train.epochs=2", "--set", "model.hidden=[4]", "--no-report")


def train(path: Path, *options: str, code: int = 0) -> Path:
    assert run_command(["fit", IRIS, "--target", "species", *KEYS, *options, "--out", str(path)]) == code
    return path


def test_predictions_and_test_scores_are_there_once_the_run_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ProgressBar, "on_epoch_end", lambda bar, logs: signal.raise_signal(signal.SIGINT))
        run = train(tmp_path / "run", code=130)
    check_watchable(run)
    assert not is_complete(run)
    training = render_live_report(run)
    assert run_command(["resume", str(run), "--no-report"]) == 0
    assert is_complete(run)
    complete = render_live_report(run)
    assert "loss over epochs" in training
    assert "loss over epochs" in complete
    for text in ('<th scope="row">test</th>', "Confusion matrix"):
        assert text not in training
        assert text in complete
    assert "Training is not complete" in training
    assert "Training is not complete" not in complete


def test_a_run_with_a_refit_is_complete_when_its_scores_are_those_of_the_refit(tmp_path: Path) -> None:
    folder = RunFolder(train(tmp_path / "refit", "--refit"))
    assert is_complete(folder.path)
    first = folder.refit.scores.stat().st_mtime_ns
    os.utime(folder.scores, ns=(first - 1, first - 1))
    assert not is_complete(folder.path)
    os.utime(folder.scores, ns=(first, first))
    folder.refit.scores.unlink()
    assert not is_complete(folder.path)


@pytest.mark.parametrize(("key", "last"), [("data.folds", "folds.json"), ("data.validation_folds", "scores.json")])
def test_folds_are_complete_with_their_last_file(key: str, last: str, tmp_path: Path) -> None:
    path = train(tmp_path / "folds", "--set", f"{key}=2")
    check_watchable(path)
    assert is_complete(path)
    html = render_live_report(path)
    assert "Scores of each fold" in html
    states = find_file_states(path)
    assert {file.relative_to(path).as_posix() for file in states} >= {"folds.json", "fold-2/metrics.jsonl"}
    (path / last).unlink()
    assert not is_complete(path)
    assert find_file_states(path) != states
    FoldsFolder(path).get_fold(1).scores.unlink()
    FoldsFolder(path).get_fold(2).scores.unlink()
    with pytest.raises(RunError, match="no fold is complete yet"):
        render_live_report(path)


def test_another_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(RunError, match="not a run folder"):
            check_watchable(path)
