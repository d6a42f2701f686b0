"""Runs of an older program are shown, used and resumed bit for bit.

``tests/old_runs/0.1`` contains run folders of nntrain 0.1.0, stopped in the middle of an epoch, before config keys,
classes and modules were renamed: classes with categories and sample weights, labels in float64, a regression on
streamed rows, images from HDF5, and a cross-validation. ``expected.json`` contains the results of the same program
for the same runs without interruption.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import flatten_tree
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_folder.run_metadata import get_environment
from tests.paths import ROOT

Command = Callable[..., Any]

SOURCE = ROOT / "tests" / "old_runs" / "0.1"
DATA = {"classes": "classes.csv", "labels": "labels.csv", "stream": "numbers.csv", "arrays": "images.h5"}
# The processor on which the files were made, which they do not record.
PROCESSOR = "GenuineIntel, with AVX-512"

EXPECTED = json.loads((SOURCE / "expected.json").read_text("utf-8"))


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the old files, with their folder as it is now, and one thread as they had."""
    monkeypatch.setenv("NNTRAIN_THREADS", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    for path in [*tmp_path.rglob("*.toml"), *tmp_path.rglob("run.json")]:
        path.write_text(path.read_text("utf-8").replace("/tmp/example", str(tmp_path)), "utf-8")
    return tmp_path


def digest(tree: dict[str, Any]) -> str:
    """The SHA-256 of the arrays and values of a tree, as the old program computed it for ``expected.json``."""
    sums = hashlib.sha256()
    for place, item in sorted(flatten_tree(tree)):
        sums.update(f"{place} {item.dtype.str}{item.shape}".encode() + item.tobytes())
    return sums.hexdigest()


def assert_result(path: Path, expected: dict[str, Any]) -> None:
    """The run ended as the old one: in the same bits on the same system, else with about the same scores."""
    folder = RunFolder(path)
    known, now = folder.read_metadata(), get_environment()
    lines = folder.metrics.read_text("utf-8").splitlines()
    assert known["exact"]
    assert len(lines) == len(expected["metrics"])
    before = known["blas"], known["libraries"]["numpy"], PROCESSOR
    if before != (now["blas"], now["libraries"]["numpy"], now["processor"]):
        loss, old_loss = (json.loads(found[-1])["train"]["loss"] for found in (lines, expected["metrics"]))
        assert loss == pytest.approx(old_loss, rel=1e-3)
        return
    last = read_checkpoint(folder.list_checkpoints()[-1])
    training = last["training"]
    state = {"network": last["network"]["state"], "optimizer": training["optimizer"], "batches": training["batches"]}
    for line, before in zip(lines, expected["metrics"], strict=True):
        assert_same_scores(json.loads(line), json.loads(before))
    assert json.loads(folder.scores.read_text("utf-8")) == expected["scores"]
    assert (training["step"], digest(state)) == (expected["step"], expected["last"])
    assert digest(read_checkpoint(folder.best_network)["network"]["state"]) == expected["best"]


def assert_same_scores(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Scores are equal, but for the order in which the rows of an epoch are summed."""
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == (pytest.approx(value, rel=1e-13) if isinstance(value, dict) else value)


@pytest.mark.parametrize("name", DATA)
def test_an_old_run_is_shown_used_and_resumed_bit_for_bit(name: str, nntrain: Command, old: Path) -> None:
    for command in (("show", name), ("predict", name, DATA[name], "-o", "out.csv"), ("evaluate", name)):
        outcome = nntrain(*command)
        assert outcome.code == 0, outcome.err
    resumed = nntrain("resume", name)
    assert resumed.code == 0, resumed.err
    assert_result(old / name, EXPECTED[name][""])
    assert nntrain("evaluate", name, DATA[name]).code == 0


def test_an_old_cross_validation_is_resumed_bit_for_bit(nntrain: Command, old: Path) -> None:
    resumed = nntrain("resume", "folds")
    assert resumed.code == 0, resumed.err
    for fold, expected in EXPECTED["folds"].items():
        assert_result(old / "folds" / fold, expected)
    assert json.loads((old / "folds" / "folds.json").read_text("utf-8"))["folds"] == [
        expected["scores"] for expected in EXPECTED["folds"].values()
    ]
