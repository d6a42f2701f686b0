"""Runs and caches are for their user's eyes only; full disks leave no best network without a checkpoint."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.config.load import build_config
from nntrain.errors import CheckpointError
from nntrain.training import checkpointer as saving
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from tests.training.stopping import ADAM, IRIS, config

QUICK = ("--target", "species", "--set", "train.epochs=2", "--set", "model.hidden=[2]")


@pytest.fixture(params=[0o022, 0o077], ids=["umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> set[tuple[bool, int]]:
    """The permissions of folders (True) and files below a folder, and of the folder."""
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}


PRIVATE = {(True, 0o700), (False, 0o600)}


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("more", [(), ("--folds", "2"), ("--set", "data.stream=true"), ("--profile",)])
def test_a_run_and_a_cache_are_private(
    more: tuple[str, ...], umask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    run = tmp_path / "runs" / "run"
    for what in ((), ("--force",)):
        assert run_command(["fit", str(IRIS), *QUICK, *more, "--out", str(run), *what]) == 0
        assert modes(run) == PRIVATE
    assert (tmp_path / "runs").stat().st_mode & 0o777 == 0o777 & ~umask
    if "data.stream=true" in more:
        assert modes(tmp_path / "cache") == PRIVATE
    elif not more:
        assert run_command(["resume", str(run), "--set", "train.epochs=3"]) == 0
        assert modes(run) == PRIVATE


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o750)
    assert run_command(["fit", str(IRIS), *QUICK, "--out", str(tmp_path / "run")]) == 0
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o750


def test_a_best_network_goes_if_its_checkpoint_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = build_config(config(ADAM))
    folder = RunFolder(tmp_path / "run")
    run, _ = start_run(said, load_splits(said), "", folder, [])
    saver = Checkpointer(run, folder, 3)
    before = sorted(path.name for path in folder.checkpoints.iterdir())
    write = saving.write_checkpoint

    def full(path: Path, tree: object, **options: bool) -> None:
        if path.name.startswith("step-"):
            raise CheckpointError(f"{path}: cannot be written: No space left on device")
        write(path, tree, **options)  # type: ignore[arg-type]

    while run.train_step() is not None:
        pass
    run.end_epoch()
    monkeypatch.setattr(saving, "write_checkpoint", full)
    saver.save_in_background()
    saver.wait()
    assert isinstance(saver.take_error(), CheckpointError)
    assert sorted(path.name for path in folder.checkpoints.iterdir()) == before
    monkeypatch.setattr(saving, "write_checkpoint", write)
    saver.save()
    assert folder.get_best_path(run.step).is_file()
    assert folder.best_network.samefile(folder.get_best_path(run.step))
