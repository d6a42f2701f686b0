"""A plugin whose version is another than when the run was started: one warning, and no exact run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain import __version__
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint

Command = Callable[..., Any]

PLAIN = ("--set", "train.epochs=2", "--set", "model.hidden=[8]")

# As if the layer had been a plugin's, and another version, or distribution, had it now.
OLD = "nntrain-layers 1.2"
TOLD = f"Linear came from {OLD} when the run started, and from nntrain {__version__} today"


@pytest.fixture
def run(nntrain: Command, iris: Path, tmp_path: Path) -> Path:
    assert nntrain("fit", iris, "--target", "species", *PLAIN).code == 0
    folder = tmp_path / "runs" / "iris"
    for path in (folder / "best.h5", *folder.glob("checkpoints/*.h5")):
        tree = read_checkpoint(path)
        tree["network"]["origins"]["Linear"] = OLD
        write_checkpoint(path, tree)
    return folder


def test_every_command_that_uses_the_network_warns_once(nntrain: Command, run: Path, iris: Path) -> None:
    warning = f"Warning: {run}/best.h5: {TOLD}; its outputs may differ\n"
    for arguments in (
        ("predict", run, iris),
        ("evaluate", run),
        ("evaluate", run, iris, "--json"),
        ("show", run),
        ("show", run, "--json"),
        ("convert", run, "network.safetensors"),
    ):
        outcome = nntrain(*arguments)
        assert outcome.code == 0, outcome.err
        assert outcome.err.count(warning) == 1, arguments
    assert json.loads((run / "run.json").read_text())["exact"] is True


def test_a_resumed_run_is_no_longer_exact(nntrain: Command, run: Path) -> None:
    outcome = nntrain("resume", run, "--set", "train.epochs=3")
    assert outcome.code == 0, outcome.err
    assert outcome.err == f"Warning: {TOLD}: the run is marked as not exact\n"
    known = json.loads((run / "run.json").read_text())
    assert known["exact"] is False
    assert known["resumed"][-1]["reasons"] == [TOLD]
    assert f"Not exact: {TOLD}; an uninterrupted run would give other results." in nntrain("show", run).out
    assert json.loads(nntrain("show", run, "--json").out)["exact"] is False


@pytest.mark.parametrize("kind", ["optimizer", "metric"])
def test_optimizers_and_metrics_count_too(nntrain: Command, run: Path, kind: str) -> None:
    known = json.loads((run / "run.json").read_text())
    (name,) = known["origins"][kind]
    known["origins"][kind][name] = OLD
    (run / "run.json").write_text(json.dumps(known))
    outcome = nntrain("resume", run)
    assert outcome.err.count("Warning") == 1
    assert name in outcome.err.partition(" came from ")[0]


def test_the_same_versions_and_those_of_nntrain_itself_are_no_reason(
    nntrain: Command, iris: Path, tmp_path: Path
) -> None:
    assert nntrain("fit", iris, "--target", "species", *PLAIN).code == 0
    best = tmp_path / "runs" / "iris" / "best.h5"
    tree = read_checkpoint(best)
    tree["network"]["origins"]["Linear"] = "nntrain 0.0.1"
    write_checkpoint(best, tree)
    assert nntrain("evaluate", "runs/iris").err == ""
