"""A run is not lost: damaged checkpoints, two processes, signals, a full disk; and what may change when it goes on."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import CheckpointError, InterruptedRunError, RunError
from nntrain.training import checkpointer as saving
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder import run_folder
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import ADAM, StopAfter, config, outcome, run_to_the_end, stopped


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def damage(path: Path) -> None:
    """Turn a bit of a parameter round."""
    with h5py.File(path) as file:
        blocks = file["network/state/blocks"]
        offset = blocks[min(blocks)].id.get_offset()
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def test_a_damaged_checkpoint_is_named_kept_and_skipped(tmp_path: Path, folder: RunFolder) -> None:
    straight = RunFolder(tmp_path / "straight")
    run_to_the_end(straight, config(ADAM), Callback())
    stopped(folder, 10)
    newest = folder.list_checkpoints()[-1]
    damage(newest)
    heard: list[str] = []
    run, decided = resume_run(folder, report=heard.append)
    assert len(heard) == 1
    assert str(newest) in heard[0]
    assert "checksum" in heard[0]
    assert newest.with_name(f"{newest.name}.damaged").is_file()
    assert run.step == 10
    train(run, folder, decided.train, Callback())
    score_best_network(run, folder)
    assert outcome(folder) == outcome(straight)


def test_a_checkpoint_whose_best_network_is_damaged_is_skipped(folder: RunFolder) -> None:
    stopped(folder, 10)
    best = folder.list_best_networks()[-1]
    content = best.read_bytes()
    best.unlink()  # it is one file with the best network of the checkpoint before
    best.write_bytes(content)
    damage(best)
    assert resume_run(folder)[0].step == 10


def test_no_whole_checkpoint_is_never_a_fresh_start(folder: RunFolder) -> None:
    stopped(folder, 10)
    for path in folder.list_checkpoints():
        damage(path)
    heard: list[str] = []
    with pytest.raises(RunError, match="no checkpoint to resume from"):
        resume_run(folder, report=heard.append)
    assert folder.read_metrics()
    assert len(heard) == len(folder.list_checkpoints()) == 3
    assert "renamed to" not in "".join(heard)


def test_the_best_network_of_a_later_time_does_not_leak(folder: RunFolder) -> None:
    stopped(folder, 10)
    earlier = read_checkpoint(folder.get_best_path(10))["scores"]
    run, decided = resume_run(folder)
    with pytest.raises(InterruptedRunError):
        train(run, folder, decided.train, StopAfter(30))
    assert read_checkpoint(folder.best_network)["scores"] != earlier
    for path in folder.list_checkpoints()[1:]:
        damage(path)
    resume_run(folder)
    assert read_checkpoint(folder.best_network)["scores"] == earlier


def test_another_process_is_kept_out_and_named(folder: RunFolder) -> None:
    stopped(folder, 10)
    lock_folder(folder.path)
    command = [sys.executable, "-m", "nntrain", "resume", str(folder.path)]
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    assert other.returncode == RunError.exit_code
    assert f"in use by process {os.getpid()} on" in other.stderr
    assert other.stderr.count("\n") == 1
    unlock_folder(folder.path)
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0


def test_the_lock_of_a_killed_process_is_no_hindrance(folder: RunFolder) -> None:
    stopped(folder, 10)
    unlock_folder(folder.path)
    imports = "from pathlib import Path; from nntrain.training.run_folder.folder_lock import lock_folder"
    text = f"{imports}; lock_folder(Path({str(folder.path)!r})); input()"
    holder = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE)
    while "process" not in (held.read_text() if (held := folder.path / ".lock").exists() else ""):
        assert holder.poll() is None
        time.sleep(0.01)
    with pytest.raises(RunError, match=f"in use by process {holder.pid}"):
        resume_run(folder)
    holder.kill()
    holder.communicate()
    assert resume_run(folder)[0].step == 15


class SaveAfter(Callback):
    """Asks for a checkpoint after a step."""

    def on_step_end(self, step: int, loss: float) -> None:
        if step == 9:
            os.kill(os.getpid(), signal.SIGUSR1)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no such signal")
def test_usr1_saves_and_goes_on(folder: RunFolder) -> None:
    told = build_config(config(ADAM, checkpoint_every="1h", keep=9))
    run, decided = start_run(told, load_splits(told), "", folder, [])
    train(run, folder, decided.train, SaveAfter())
    assert [path.name for path in folder.list_checkpoints()] == [
        "step-000000000.h5",
        "step-000000009.h5",
        "step-000000042.h5",
    ]


@pytest.mark.parametrize(("every", "steps"), [("1steps", {1, 2, 3}), ("5steps", {5, 6, 7}), ("1epoch", {7, 8, 9})])
def test_checkpoints_are_written_when_they_are_due(folder: RunFolder, every: str, steps: set[int]) -> None:
    told = build_config(config(ADAM, checkpoint_every=every, keep=99))
    run, decided = start_run(told, load_splits(told), "", folder, [])
    train(run, folder, decided.train, Callback())
    saved = [int(path.stem[5:]) for path in folder.list_checkpoints()]
    assert saved[0] == 0
    assert saved[1] in steps
    assert saved[-1] == 42


class Told(Callback):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def on_warning(self, message: str) -> None:
        self.warnings.append(message)


def test_a_checkpoint_that_cannot_be_written_is_reported_and_tried_again(
    tmp_path: Path, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = RunFolder(tmp_path / "straight")
    run_to_the_end(straight, config(ADAM), Callback())
    told = build_config(config(ADAM, checkpoint_every="1steps"))
    run, decided = start_run(told, load_splits(told), "", folder, [])
    tries = []

    def full(path: Path, tree: Any, **options: bool) -> None:
        tries.append(path)
        if len(tries) < 4:
            raise CheckpointError(f"{path}: cannot be written: No space left on device")
        whole(path, tree, **options)

    def begun_and_ended(self: Checkpointer) -> None:
        begun(self)
        self.wait()

    whole, begun = saving.write_checkpoint, Checkpointer.save_in_background
    monkeypatch.setattr(saving, "write_checkpoint", full)
    monkeypatch.setattr(Checkpointer, "save_in_background", begun_and_ended)
    events = Told()
    train(run, folder, decided.train, events)
    score_best_network(run, folder)
    assert len(events.warnings) == 3
    assert all("No space left on device; training continues" in warning for warning in events.warnings)
    assert outcome(folder) == outcome(straight)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_lines_of_the_metrics_wait_for_room(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    stopped(folder, 10)
    run, _ = resume_run(folder)
    before = folder.read_metrics()
    lines = [{"epoch": 2, "step": 14}, {"epoch": 3, "step": 21}]
    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "append_text", full)
        folder.log(lines[0])
        with pytest.raises(
            RunError, match=r"metrics.jsonl: cannot be written: No space left on device; its lines are kept"
        ):
            Checkpointer(run, folder, 3).save()
    folder.log(lines[1])
    assert folder.read_metrics() == [*before, *lines]
    Checkpointer(run, folder, 3).save()


def test_the_last_checkpoint_must_be_written(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(folder, 10)
    run, decided = resume_run(folder)

    def full(path: Path, tree: Any, **options: bool) -> None:
        raise CheckpointError(f"{path}: cannot be written: No space left on device")

    monkeypatch.setattr(saving, "write_checkpoint", full)
    with pytest.raises(CheckpointError, match="No space left"):
        train(run, folder, decided.train, Callback())
    monkeypatch.undo()
    assert resume_run(folder)[0].step == 15


def test_a_state_that_is_being_written_is_a_copy(folder: RunFolder) -> None:
    told = build_config(config(ADAM))
    run, _ = start_run(told, load_splits(told), "", folder, [])
    saver = Checkpointer(run, folder, 3)
    run.train_step()
    wanted = run.w.copy()
    saver.save_in_background()
    run.w += 1
    assert run.optimizer.state()["t"] == 1
    run.train_step()
    saver.wait()
    tree = read_checkpoint(folder.get_checkpoint_path(1))
    assert tree["training"]["optimizer"]["t"] == 1
    blocks = tree["network"]["state"]["blocks"]
    parameters = [block for name, block in blocks.items() if name.endswith(("weight", "bias"))]
    assert sorted(map(float, wanted)) == sorted(float(value) for block in parameters for value in block.reshape(-1))
