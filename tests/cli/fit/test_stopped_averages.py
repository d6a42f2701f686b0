"""Networks of validation folds that are stopped or killed continue to the same average, to the bit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain.training.timer import Timer
from nntrain.training.trainer import Trainer
from tests.cli.fit.averages import QUICK, SMALL, Command, fit_target
from tests.cli.processes import kill_once_exists


def read_files(folder: Path) -> dict[str, bytes]:
    """The results of the folds, to the bit."""
    names = ("best.h5", "scores.json", "folds.json", "fold-1/best.h5", "fold-3/metrics.jsonl", "fold-3/best.h5")
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Press Ctrl-C after that many steps of the process."""
    take_step, left = Trainer.train_step, [0]

    def step(self: Trainer) -> float | None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return take_step(self)

    monkeypatch.setattr(Trainer, "train_step", step)
    return lambda steps: left.__setitem__(0, steps)


def test_stopped_networks_continue_to_the_same_average(
    nntrain: Command, tmp_path: Path, stop: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fit_target(nntrain, "kind", out="straight").code == 0
    stop(3)
    stopped = fit_target(nntrain, "kind", out="stopped")
    assert (stopped.code, "in fold 1 and saved; resume with: nntrain resume stopped" in stopped.err) == (130, True)
    again = nntrain("fit", "rows.csv", "--target", "kind", "--set", "model.from=stopped", "--out", "tuned")
    assert "expected the network of one run, got a folder of folds; use a fold, e.g. " in again.err
    told = "Error: stopped: the networks of some folds are not trained yet; resume with: nntrain resume stopped\n"
    assert nntrain("predict", "stopped", "rows.csv").err == told
    stop(12)
    assert "in fold 2 and saved" in nntrain("resume", "stopped").err
    stop(0)
    with monkeypatch.context() as patched:
        patched.setattr("nntrain.training.fold_average.write_checkpoint", lambda *_, **__: os.kill(os.getpid(), 2))
        interrupted = nntrain("resume", "stopped")
    assert "before the networks were averaged; all are saved; resume with: nntrain resume stopped" in interrupted.err
    assert not (tmp_path / "stopped" / "best.h5").exists()
    assert nntrain("resume", "stopped").code == 0
    assert read_files(tmp_path / "stopped") == read_files(tmp_path / "straight")
    again = nntrain("resume", "stopped")
    assert (again.code, "epoch" in again.out, "The average of 3 networks." in again.out) == (0, False, True)
    assert read_files(tmp_path / "stopped") == read_files(tmp_path / "straight")


def test_a_killed_process_continues_to_the_same_average(nntrain: Command, tmp_path: Path) -> None:
    assert fit_target(nntrain, "kind", "--set", "train.epochs=20", out="straight").code == 0
    ignored = 'data.ignore=["sick", "traits", "price"]'
    arguments = ["fit", "rows.csv", "--target", "kind", "--set", ignored, *SMALL, *QUICK, "--set", "train.epochs=20"]
    begun = tmp_path / "killed" / "fold-2" / "config.toml"
    kill_once_exists(begun, *arguments, "--checkpoint-every", "2steps", "--out", "killed")
    assert not (tmp_path / "killed" / "best.h5").exists()
    assert nntrain("resume", "killed").code == 0
    assert read_files(tmp_path / "killed") == read_files(tmp_path / "straight")


def test_one_network_of_an_average_is_an_ordinary_run(nntrain: Command, tmp_path: Path) -> None:
    assert fit_target(nntrain, "kind", out="all").code == 0
    assert fit_target(nntrain, "kind", "--set", "data.validation_fold=2", out="one").code == 0
    one, two = (tmp_path / name / "metrics.jsonl" for name in ("one", "all/fold-2"))
    assert one.read_bytes() == two.read_bytes()


def test_more_time_continues_every_fold_to_the_same_average(
    nntrain: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fit_target(nntrain, "kind", out="straight").code == 0
    monkeypatch.setattr(Timer, "is_over", property(lambda timer: timer.limit is not None and timer.limit < 100))
    short = fit_target(nntrain, "kind", "--max-time", "10s", out="short")
    assert (short.code, "  nntrain resume short --max-time 20s    (time ran out before " in short.out) == (0, True)
    assert read_files(tmp_path / "short") != read_files(tmp_path / "straight")
    assert nntrain("resume", "short", "--max-time", "1h").code == 0
    assert read_files(tmp_path / "short") == read_files(tmp_path / "straight")


def test_a_fold_that_is_continued_alone_leaves_the_average_behind(nntrain: Command) -> None:
    assert fit_target(nntrain, "kind", out="run").code == 0
    before = Path("run/best.h5").read_bytes()
    alone = nntrain("resume", "run/fold-1", "--set", "train.epochs=6")
    told = "Note: the results of all folds are without this; to update them: nntrain resume run\n"
    assert (alone.code, alone.out.endswith(told)) == (0, True), alone.err
    assert Path("run/best.h5").read_bytes() == before
    assert nntrain("resume", "run").code == 0
    assert Path("run/best.h5").read_bytes() != before
