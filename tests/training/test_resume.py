"""A run that is stopped and goes on ends with the same bits as one that was left alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.read import read
from nntrain.config.load import config_of
from nntrain.errors import ConfigError, DataError, InterruptedRunError, RunError
from nntrain.training.events import Events
from nntrain.training.finish import finish
from nntrain.training.loop import train
from nntrain.training.run_folder import RunFolder
from nntrain.training.start import begin, go_on, prepare

IRIS = Path(__file__).parents[2] / "datasets" / "iris.csv"

# Everything that has a state: noise, statistics, momentum and moments, an unfinished epoch.
MODULES = [
    {"type": "Linear", "output_size": 12},
    {"type": "BatchNormalization"},
    {"type": "Tanh"},
    {"type": "Dropout", "p": 0.3},
    {"type": "Linear"},
]
OPTIMIZERS = {
    "sgd": {
        "type": "sgd",
        "learning_rate": 0.05,
        "momentum": 0.9,
        "dampening": 0,
        "nesterov": True,
        "learning_rate_decay": 1e-3,
    },
    "adam": {"type": "adam", "learning_rate": 0.01, "weight_decay": 1e-3},
}


def config(optimizer: str) -> dict[str, Any]:
    return {
        "data": {"path": str(IRIS), "target": "species"},
        "model": {"modules": MODULES},
        "optimizer": OPTIMIZERS[optimizer],
        "train": {"epochs": 6, "batch_size": 16, "patience": 0, "checkpoint_seconds": 0},
    }


class StopAfter(Events):
    """Presses Ctrl-C after some steps."""

    def __init__(self, *steps: int) -> None:
        self.steps = steps

    def stepped(self, step: int, loss: float) -> None:
        if step in self.steps:
            os.kill(os.getpid(), signal.SIGINT)


def run_to_the_end(folder: RunFolder, optimizer: str, *stops: int) -> None:
    settings = config_of(config(optimizer))
    run, decided = begin(settings, prepare(settings), "", folder, [])
    events = StopAfter(*stops)
    while True:
        try:
            train(run, folder, decided.train, events)
            break
        except InterruptedRunError:
            run, decided = go_on(folder)
    finish(run, folder)


def outcome(folder: RunFolder) -> Any:
    blocks = read(folder.best)["network"]["state"]["blocks"]
    return (
        {name: block.tobytes() for name, block in blocks.items()},
        folder.metrics.read_bytes(),
        folder.scores.read_bytes(),
    )


# 105 rows make 7 batches, the last of 9 rows: the middle of the first epoch, the first step of the third, the last of
# the fourth; and all of them.
@pytest.mark.parametrize("stops", [(3,), (15,), (28,), (1, 3, 15, 28, 40)])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_stopped_run_ends_with_the_same_bits(stops: tuple[int, ...], optimizer: str, tmp_path: Path) -> None:
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    run_to_the_end(straight, optimizer)
    run_to_the_end(stopped, optimizer, *stops)
    assert outcome(stopped) == outcome(straight)


def begun(folder: RunFolder, *stops: int) -> None:
    settings = config_of(config("adam"))
    run, decided = begin(settings, prepare(settings), "", folder, [])
    with pytest.raises(InterruptedRunError, match=f"nntrain resume {folder.path}"):
        train(run, folder, decided.train, StopAfter(*stops))


def test_epochs_may_be_added(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    run, decided = go_on(folder, ["train.epochs=8"])
    train(run, folder, decided.train, Events())
    assert len(folder.logged()) == 8


def test_a_change_of_what_is_computed_is_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    with pytest.raises(ConfigError, match=r"may change train\.epochs.* nothing else, got --set train\.batch_size=8"):
        go_on(folder, ["train.batch_size=8"])


def test_changed_data_are_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    data = tmp_path / "data.csv"
    data.write_bytes(IRIS.read_bytes())
    settings = config_of(config("adam"), [f'data.path="{data}"'])
    begin(settings, prepare(settings), "", folder, [])
    data.write_text(data.read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    with pytest.raises(DataError, match="the data have changed since the run began"):
        go_on(folder)


def test_a_run_without_checkpoints_is_never_begun_anew_in_silence(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 10)
    folder.prune(0)
    for path in folder.saved():
        path.unlink()
    with pytest.raises(RunError, match="no checkpoint to go on from"):
        go_on(folder)


def test_the_last_checkpoints_are_kept(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run_to_the_end(folder, "adam")
    assert [path.name for path in folder.saved()] == ["step-000000028.h5", "step-000000035.h5", "step-000000042.h5"]


def test_metrics_after_the_checkpoint_are_cut_off(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    begun(folder, 16)
    with folder.metrics.open("a") as file:
        file.write('{"epoch": 3}\n{"epoch": 4')
    go_on(folder)
    assert [line["epoch"] for line in folder.logged()] == [1, 2]


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
    assert told.endswith("and saved; go on with: nntrain resume run\n")
    assert told.count("\n") == 1
    assert RunFolder(tmp_path / "run").saved()
