"""What a checkpoint says of its training is of the right kinds before it is used, whatever its checksums say."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.cli.main import run_command
from nntrain.errors import CheckpointError, RunError
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from tests.training import stopping

Tree = dict[str, Any]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run with a part of every kind, in its second epoch."""
    folder = RunFolder(tmp_path_factory.mktemp("stopped") / "run")
    train = {"metrics": ["accuracy", "confusion_matrix", "log_loss"], "ema": 0.9}
    stopping.stopped(folder, 10, {"type": "plateau", "patience": 2}, **train)
    return folder


@pytest.fixture
def folder(stopped: RunFolder, tmp_path: Path) -> RunFolder:
    shutil.copytree(stopped.path, tmp_path / "run")
    return RunFolder(tmp_path / "run")


def put(place: str, value: Any) -> Callable[[Tree], None]:
    """A change of the tree: another value at a place."""

    def change(tree: Tree) -> None:
        *above, name = place.split("/")
        for key in above:
            tree = tree[key]
        tree[name] = value

    return change


REFUSED = [
    ("training/epoch", -1, "training: epoch: expected an integer"),
    ("training/batches", None, "training: batches: expected dict, got None"),
    ("training/batches/position", 10**9, "batches: position: expected at most"),
    ("training/optimizer/t", -1, "optimizer: t: expected an integer"),
    ("training/optimizer/t", True, "optimizer: t: expected an integer"),
    ("training/optimizer/m", "x", "optimizer: m: expected NoneType or float or float64 numbers, got 'x'"),
    ("training/optimizer/v", np.zeros(3, np.float32), "the optimizer's v has shape"),
    ("training/optimizer/m", np.zeros((2, 2)), "optimizer: m: expected"),
    ("training/schedule/level", [], "schedule: level: expected float"),
    ("training/schedule/count", -3, "standstill: count: expected an integer"),
    ("training/average/steps", -1, "average: steps: expected an integer"),
    ("training/average/a", np.zeros(3), "average: a: expected float32 of shape"),
    ("training/board/loss", "nan", "board: loss: expected float"),
    ("training/board/metrics/accuracy/sums", 1.0, "accuracy: sums: expected float64 numbers"),
    ("training/board/metrics/accuracy/sums", np.zeros(5), "accuracy: expected 1 or 3 sums, got 5"),
    ("training/board/metrics/confusion_matrix/matrix", np.zeros((3, 4)), "expected float64 of shape (3, 3)"),
    ("training/best/score", "1", "best: score: expected float | None, got '1'"),
    ("training/clock/seconds", 10**400, "clock: seconds: expected float"),
    ("scores", {"train": [1, 2]}, "network: scores: expected"),
    ("metrics", "accuracy", "network: metrics: expected list["),
    ("metrics", [["accuracy"]], "network: metrics: expected list["),
    ("metrics", [{"bins": 3}], "metrics: type is missing"),
    ("data/columns", [], "columns: expected one or more"),
    ("data/target/counts", [1], "data: ClassTarget: expected at least two classes, each with its count, got 3 and 1"),
    ("data/type", "os.system", "data: os.system: type: expected one of Schema, ArraySchema"),
    ("network/spec", {"type": "os.system"}, "unknown module 'os.system'"),
    ("network/origins", ["Linear"], "network: origins: expected dict[str, str], got ["),
    ("network/origins/Linear", {"nntrain": "0.1"}, "network: origins: expected dict[str, str], got {"),
]


@pytest.mark.parametrize(("place", "value", "told"), REFUSED)
def test_what_cannot_be_is_refused(folder: RunFolder, place: str, value: Any, told: str) -> None:
    newest = folder.list_checkpoints()[-1]
    tree = read_checkpoint(newest)
    put(place, value)(tree)
    write_checkpoint(newest, tree)
    with pytest.raises(CheckpointError) as error:
        resume_run(folder)
    assert str(error.value).startswith(f"{newest}: ")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("place", "value"),
    [("training", {}), ("training/best", {"epoch": "1"}), ("training/step", 11), ("training/best", [])],
)
def test_a_checkpoint_that_is_not_what_its_name_says_is_skipped(folder: RunFolder, place: str, value: Any) -> None:
    heard: list[str] = []
    *earlier, newest = folder.list_checkpoints()
    tree = read_checkpoint(newest)
    put(place, value)(tree)
    write_checkpoint(newest, tree)
    assert resume_run(folder, report=heard.append)[0].step == int(earlier[-1].stem.rpartition("-")[2])
    assert str(newest) in heard[0]
    assert "renamed to" in heard[0]


def test_a_best_network_that_is_gone_is_reported(folder: RunFolder) -> None:
    for path in folder.list_best_networks():
        path.unlink()
    for path in folder.list_checkpoints()[:-1]:
        path.unlink()
    heard: list[str] = []
    with pytest.raises(RunError, match="no checkpoint to resume from"):
        resume_run(folder, report=heard.append)
    assert "no such file" in heard[0]


@pytest.mark.parametrize(
    "change",
    [put("scores", {"train": {"loss": [1]}}), put("nntrain", ["0.1"]), lambda tree: tree.pop("nntrain")],
)
def test_show_refuses_what_it_cannot_show(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], change: Callable[[Tree], object]
) -> None:
    tree = read_checkpoint(folder.best_network)
    change(tree)
    write_checkpoint(folder.best_network, tree)
    assert run_command(["show", str(folder.best_network)]) == CheckpointError.exit_code
    assert capsys.readouterr().err.startswith(f"Error: {folder.best_network}: network: ")
