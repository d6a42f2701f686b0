"""A run that is stopped and goes on ends with the same bits as one that was left alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import build_config
from nntrain.errors import ConfigError, DataError, InterruptedRunError, RunError
from nntrain.training.callback import Callback
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.objective import Objective
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import train
from tests.training.stopping import IRIS, StopAfter, config, outcome, run_to_the_end

ADAM = {"type": "adam", "learning_rate": 0.01, "weight_decay": 1e-3}
SGD = {
    "type": "sgd",
    "learning_rate": 0.05,
    "momentum": 0.9,
    "dampening": 0,
    "nesterov": True,
    "learning_rate_decay": 1e-3,
}

# All that a run remembers: momentum, moments and curvature, an unfinished epoch, what a schedule and patience have
# heard, the averaged parameters.
RUNS = {
    "sgd": config(SGD),
    "adam": config(ADAM),
    "lbfgs": config({"type": "lbfgs", "max_iter": 3}),
    "line search": config({"type": "lbfgs", "max_iter": 3, "line_search": "lswolfe"}, l2=1e-3),
    "accumulate": config(SGD, batch_size=6, accumulate=3),
    "ema": config(ADAM, ema=0.9),
    "clipping and penalties": config(SGD, clip_norm=0.5, clip_value=0.1, l1=1e-3, l2=1e-2),
    "onecycle": config(SGD, {"type": "onecycle"}),
    "plateau": config(ADAM, {"type": "plateau", "patience": 1, "threshold": 0.05}),
    "patience": config(ADAM, patience=2, min_delta=0.1),
    "everything": config(
        {"type": "lbfgs", "max_iter": 2, "learning_rate": 0.5},
        {"type": "cosine", "cycles": 2, "warm_up": 0.1},
        batch_size=6,
        accumulate=3,
        ema=0.8,
        clip_norm=1,
        l1=1e-4,
        patience=4,
        min_delta=0.01,
    ),
}


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RunFolder]:
    """The run of a name that nobody stopped, trained once for all tests."""

    @cache
    def trained(name: str) -> RunFolder:
        folder = RunFolder(tmp_path_factory.mktemp(name.replace(" ", "-")) / "run")
        run_to_the_end(folder, RUNS[name], Callback())
        return folder

    return trained


# 105 rows make 7 steps an epoch, the last of 9 rows; with micro-batches of 6 they make 6: the first step of the third
# epoch; and the middle of the first, the last of the fourth, and more.
@pytest.mark.parametrize("stops", [(15,), (1, 3, 15, 28, 40)])
@pytest.mark.parametrize("name", RUNS)
def test_a_stopped_run_ends_with_the_same_bits(
    stops: tuple[int, ...], name: str, tmp_path: Path, straight: Callable[[str], RunFolder]
) -> None:
    stopped = RunFolder(tmp_path / "stopped")
    run_to_the_end(stopped, RUNS[name], StopAfter(*stops))
    assert outcome(stopped) == outcome(straight(name))


def test_a_stop_in_the_middle_of_a_step_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, straight: Callable[[str], RunFolder]
) -> None:
    expected, stopped = straight("accumulate").metrics.read_bytes(), RunFolder(tmp_path / "stopped")
    batches = 0
    back_propagated = Objective.backpropagate

    def counted(self: Objective, *given: Any) -> float:
        nonlocal batches
        batches += 1
        if batches == 11:  # the second of the fourth step
            os.kill(os.getpid(), signal.SIGINT)
        return back_propagated(self, *given)

    monkeypatch.setattr(Objective, "backpropagate", counted)
    settings = build_config(RUNS["accumulate"])
    run, decided = start_run(settings, load_splits(settings), "", stopped, [])
    with pytest.raises(InterruptedRunError, match="stopped after step 4 and saved"):
        train(run, stopped, decided.train, Callback())
    assert batches == 12
    run, decided = resume_run(stopped)
    train(run, stopped, decided.train, Callback())
    assert stopped.metrics.read_bytes() == expected


class Killed(Callback):
    """Ends the process, as it were, without a word: nothing is saved."""

    def on_step_end(self, step: int, loss: float) -> None:
        if step == 17:
            raise SystemError


@pytest.mark.parametrize("name", ["everything", "plateau"])
def test_a_killed_run_goes_on_from_its_last_checkpoint(
    name: str, tmp_path: Path, straight: Callable[[str], RunFolder]
) -> None:
    killed = RunFolder(tmp_path / "killed")
    settings = build_config(RUNS[name])
    run, decided = start_run(settings, load_splits(settings), "", killed, [])
    with pytest.raises(SystemError):
        train(run, killed, decided.train, Killed())
    run, decided = resume_run(killed)
    assert 0 < run.step < 17
    train(run, killed, decided.train, Callback())
    assert killed.metrics.read_bytes() == straight(name).metrics.read_bytes()


def begun(folder: RunFolder, *stops: int) -> None:
    settings = build_config(RUNS["adam"])
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    with pytest.raises(InterruptedRunError, match=f"nntrain resume {folder.path}"):
        train(run, folder, decided.train, StopAfter(*stops))


def test_epochs_may_be_added(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    run, decided = resume_run(folder, ["train.epochs=8"])
    train(run, folder, decided.train, Callback())
    assert len(folder.read_metrics()) == 8


def test_a_change_of_what_is_computed_is_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    with pytest.raises(ConfigError) as refused:
        resume_run(folder, ["train.batch_size=8", 'model.weight_init="he"', "train.epochs=9"])
    assert len(refused.value.problems) == 2
    told = str(refused.value)
    assert "train.batch_size: cannot change from 16 to 8 when a run is resumed; allow it with nntrain resume" in told
    assert "--allow-change train.batch_size" in told
    assert 'model.weight_init: cannot change from "torch" to "he" when a run is resumed' in str(refused.value)


def test_changed_data_are_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    data = tmp_path / "data.csv"
    data.write_bytes(IRIS.read_bytes())
    settings = build_config(RUNS["adam"], [f'data.path="{data}"'])
    start_run(settings, load_splits(settings), "", folder, [])
    data.write_text(data.read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    with pytest.raises(DataError, match="the data has changed since the run started"):
        resume_run(folder)


def test_a_run_without_checkpoints_is_never_begun_anew_in_silence(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    folder.prune(0)
    for path in folder.list_checkpoints():
        path.unlink()
    with pytest.raises(RunError, match="no checkpoint to resume from"):
        resume_run(folder)


def test_the_last_checkpoints_are_kept(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 16)
    run, decided = resume_run(folder)
    saver = Checkpointer(run, folder, decided.train.keep)
    for step in (20, 30, 40, 50):
        run.step = step
        saver.save()
    assert [path.name for path in folder.list_checkpoints()] == [
        "step-000000030.h5",
        "step-000000040.h5",
        "step-000000050.h5",
    ]
    assert [path.name for path in folder.list_best_networks()] == [
        "best-000000030.h5",
        "best-000000040.h5",
        "best-000000050.h5",
    ]
    assert folder.best_network.samefile(folder.list_best_networks()[-1])


def test_metrics_after_the_checkpoint_are_cut_off(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 16)
    with folder.metrics.open("a") as file:
        file.write('{"epoch": 3, "step": 24}\n{"epoch": 4')
    resume_run(folder)
    assert [line["epoch"] for line in folder.read_metrics()] == [1, 2]


def test_ctrl_c_in_a_terminal_saves_and_exits_with_130(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nntrain", "fit", str(IRIS), "--target", "species", "--set", "train.epochs=100000"]
    command += ["--set", "train.patience=0", "--out", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while not process.stdout.readline().startswith("epoch   3"):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told.endswith("and saved; resume with: nntrain resume run\n")
    assert told.count("\n") == 1
    assert RunFolder(tmp_path / "run").list_checkpoints()
