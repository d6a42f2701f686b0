"""A run of which a part came from a plugin that is gone: one line says what to install, whatever the part is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint

Command = Callable[..., Any]

PLAIN = ("--set", "train.epochs=2", "--set", "model.hidden=[8]")

TOLD = 'comes from nntrain-gone 1.2, which is not installed: pip install "nntrain-gone==1.2"'

GONE = {"criterion": "GoneCriterion", "metric": "gone"}


@pytest.fixture
def run(nntrain: Command, iris: Path) -> str:
    assert nntrain("fit", iris, "--target", "species", *PLAIN).code == 0
    return "runs/iris"


def without(tmp_path: Path, run: str, kind: str) -> None:
    """Make the best network one whose criterion or metric was a plugin's."""
    best = tmp_path / run / "best.h5"
    tree = read_checkpoint(best)
    if kind == "criterion":
        tree["criterion"]["type"] = GONE[kind]
    else:
        tree["metrics"] = ["accuracy", GONE[kind]]
    tree["origins"][kind][GONE[kind]] = "nntrain-gone 1.2"
    write_checkpoint(best, tree)


def test_a_checkpoint_shows_where_criterion_and_metrics_came_from(run: str, tmp_path: Path) -> None:
    origins = read_checkpoint(tmp_path / run / "best.h5")["origins"]
    assert set(origins) == {"criterion", "metric"}
    assert list(origins["criterion"]) == ["CrossEntropyCriterion"]
    assert list(origins["metric"]) == ["accuracy"]
    assert origins["metric"]["accuracy"].startswith("nntrain ")


def test_a_missing_criterion_is_reported_and_the_network_still_described(
    run: str, nntrain: Command, tmp_path: Path, iris: Path
) -> None:
    without(tmp_path, run, "criterion")
    for arguments in (("evaluate", run), ("evaluate", run, iris), ("predict", run, iris)):
        outcome = nntrain(*arguments)
        assert (outcome.code, outcome.err) == (4, f"Error: {run}/best.h5: criterion 'GoneCriterion' {TOLD}\n")
    outcome = nntrain("show", run)
    assert outcome.code == 0
    assert "Not loaded: " in outcome.out
    assert TOLD in outcome.out


def test_a_missing_metric_is_reported_where_it_is_scored(
    run: str, nntrain: Command, tmp_path: Path, iris: Path
) -> None:
    without(tmp_path, run, "metric")
    for arguments in (("evaluate", run), ("evaluate", run, iris)):
        outcome = nntrain(*arguments)
        assert (outcome.code, outcome.err) == (4, f"Error: {run}: metric 'gone' {TOLD}\n")
    for arguments in (("evaluate", run, "--metric", "accuracy"), ("predict", run, iris), ("show", run)):
        assert nntrain(*arguments).code == 0, arguments


@pytest.mark.parametrize("kind", ["optimizer", "schedule", "metric", "logger"])
def test_what_a_run_cannot_go_on_without_is_reported(run: str, kind: str, nntrain: Command, tmp_path: Path) -> None:
    config = tmp_path / run / "config.toml"
    text = config.read_text()
    changes = {
        "optimizer": ('type = "adam"', 'type = "gone"'),
        "schedule": ("[schedule]\n", '[schedule]\ntype = "gone"\n'),
        "metric": ('metrics = ["accuracy"]', 'metrics = ["accuracy", "gone"]'),
        "logger": ("loggers = []", 'loggers = ["gone"]'),
    }
    assert text.count(changes[kind][0]) == 1
    config.write_text(text.replace(*changes[kind]))
    about = tmp_path / run / "run.json"
    known = json.loads(about.read_text())
    assert set(known["origins"]) == {"criterion", "optimizer", "schedule", "metric", "logger"}
    known["origins"][kind]["gone"] = "nntrain-gone 1.2"
    about.write_text(json.dumps(known))
    outcome = nntrain("resume", run, "--set", "train.epochs=3")
    assert (outcome.code, outcome.err) == (4, f"Error: {run}: {kind} 'gone' {TOLD}\n")
    assert nntrain("evaluate", run).code == 0
    if kind == "logger":
        assert nntrain("resume", run, "--set", "train.epochs=3", "--set", "train.loggers=[]").code == 0
