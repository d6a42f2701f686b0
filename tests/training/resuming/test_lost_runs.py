"""What is left of a run that was killed while it was begun, or whose folder or disk went away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import CheckpointError, RunError
from nntrain.training import checkpointer as saving
from nntrain.training import run_start
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import train
from tests.training.stopping import IRIS, config

SETTINGS = build_config(config({"type": "adam", "learning_rate": 0.01}, checkpoint_every="1steps"))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def begun(folder: RunFolder, **said: Any) -> Any:
    return start_run(SETTINGS, load_splits(SETTINGS), "", folder, [], **said)[0]


def test_a_run_that_was_killed_while_it_was_begun_is_begun_again(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(run_start, "format_toml", killed)
    with pytest.raises(Killed):
        begun(folder)
    monkeypatch.undo()
    assert folder.list_checkpoints()
    (folder.path / ".run.json.tmp").write_text("{")
    command = [sys.executable, "-m", "nntrain", "fit", str(IRIS), "--target", "species", "--resume"]
    command += ["--out", str(folder.path), "--set", "train.epochs=2"]
    # This process still has the lock.
    assert "in use by process" in subprocess.run(command, capture_output=True, text=True, check=False).stderr
    begun(folder)
    assert not list(folder.path.glob(".*.tmp"))
    with pytest.raises(RunError, match="run exists; resume it: nntrain resume"):
        begun(folder)
    begun(folder, force=True)


def test_a_run_that_cannot_be_begun_leaves_nothing(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, tree: object, **options: object) -> None:
        raise CheckpointError(f"{path}: cannot be written: No space left on device")

    monkeypatch.setattr(saving, "write_checkpoint", full)
    with pytest.raises(CheckpointError, match="No space left"):
        begun(folder)
    assert not folder.path.exists()


def test_the_best_network_is_written_although_it_could_not_be_before(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(folder)
    saver = Checkpointer(run, folder, 3)

    def one_epoch() -> None:
        while run.train_step() is not None:
            pass
        run.end_epoch()

    one_epoch()
    saver.save()
    first = read_checkpoint(folder.best_network)["scores"]
    one_epoch()
    assert run.best_model.epoch == 2
    best = run.best_model.epoch_scores
    with monkeypatch.context() as patch:
        patch.setattr(saving, "write_checkpoint", lambda path, tree, **options: os.stat(folder.path / "full"))
        saver.save_in_background()
        saver.wait()
    assert isinstance(saver.take_error(), FileNotFoundError)
    assert read_checkpoint(folder.best_network)["scores"] == first
    saver.save()
    assert (
        read_checkpoint(folder.best_network)["scores"]
        == read_checkpoint(folder.get_best_path(run.step))["scores"]
        == best
        != first
    )


class Deletes(Callback):
    """Somebody deletes the folder while a run is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_step_end(self, step: int, loss: float) -> None:
        if step == 38:
            shutil.rmtree(self.path, ignore_errors=True)
            shutil.rmtree(self.path, ignore_errors=True)


def test_a_folder_that_is_gone_is_reported(folder: RunFolder) -> None:
    run = begun(folder)
    with pytest.raises((RunError, OSError), match=r"moved or deleted|No such file"):
        train(run, folder, SETTINGS.train, Deletes(folder.path))
    assert not folder.is_started


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_the_terminate_signal_while_rows_are_encoded_leaves_nothing(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    rows = "\n".join(f"{a:.6f},{b:.6f},{'xy'[int(a > b)]}" for a, b in generator.random((150_000, 2)))
    (tmp_path / "rows.csv").write_text(f"a,b,y\n{rows}\n")
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "nntrain", "fit", "rows.csv", "--target", "y", "--out", "run"]
    command += ["--set", "data.stream=true", "--set", f"data.cache={cache}"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(cache.glob("making-*/*")):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate()
    assert (process.returncode, told.lstrip()) == (130, "Stopped at once.\n")
    assert not list(cache.glob("making-*"))
    assert not (tmp_path / "run").exists()
