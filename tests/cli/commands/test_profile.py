"""``--profile`` tells where the time of a run went, in a table and in the run folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli import training
from tests.training.stopping import StopAfter

Command = Callable[..., Any]

FIT = ("--target", "species", "--set", "train.epochs=2", "--set", "model.hidden=[5]", "--out", "run")
PARTS = ("criterion", "data", "optimizer", "evaluation", "checkpoint", "other")


def test_fit_and_resume_show_where_the_time_went(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    outcome = nntrain("fit", iris, *FIT, "--profile")
    assert outcome.code == 0
    table = outcome.out.partition("component")[2].splitlines()
    times = ["%", "seconds", "calls", "µs/call", "forward", "backward"]
    assert table[0].split() == [*times, "MB/step", "minimum", "ratio", "uncached"]
    names = [line.rpartition("  ")[0] for line in table[1 : table.index("")]]
    for name in ("Sequential[0] > Linear(4 -> 5)", *PARTS):
        assert [line for line in names if line.startswith(name)]
    told = json.loads((tmp_path / "run" / "profile.json").read_text())
    assert told["layers"][1]["name"] == "Sequential[0] > Linear(4 -> 5)"
    assert told["layers"][1]["forward"]["calls"] == told["steps"] == 14
    rows = [*told["layers"], *told["parts"]]
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert sum(row["seconds"] for row in rows) == pytest.approx(told["seconds"])

    outcome = nntrain("resume", "run", "--set", "train.epochs=3", "--profile")
    assert outcome.code == 0
    assert "component" in outcome.out
    assert json.loads((tmp_path / "run" / "profile.json").read_text())["steps"] == 7


def test_nothing_is_reported_unless_asked_for(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    assert "component" not in nntrain("fit", iris, *FIT).out
    assert not (tmp_path / "run" / "profile.json").exists()


def test_a_run_that_fails_shows_too_and_leaves_nothing(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    wild = ("--set", "optimizer.type=sgd", "--set", "optimizer.learning_rate=1e30")
    outcome = nntrain("fit", iris, *FIT, *wild, "--profile")
    assert outcome.code == 1
    assert "component" in outcome.out
    assert not (tmp_path / "run").exists()


def test_every_fold_is_reported_of(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    assert nntrain("fit", iris, *FIT, "--folds", 2, "--profile").out.count("component") == 2
    assert (tmp_path / "run" / "fold-2" / "profile.json").is_file()


def test_a_run_that_is_stopped_shows_and_keeps_it(
    nntrain: Command, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "ProgressBar", lambda: StopAfter(3))
    outcome = nntrain("fit", iris, *FIT, "--profile")
    assert outcome.code == 130
    assert "component" in outcome.out
    assert json.loads((tmp_path / "run" / "profile.json").read_text())["steps"] == 3
