"""``--profile`` tells where the time of a run went, in a table and in the run folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli import training
from nntrain.errors import ModuleError
from nntrain.training.diagnostics import run_profile
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
    counted = [row["bytes_per_step"] for row in rows if "bytes_per_step" in row]
    for name in ("moved", "minimum", "uncached"):
        assert sum(bytes_[name] for bytes_ in counted) == told["bytes_per_step"][name]
    ratio = told["bytes_per_step"]["moved"] / told["bytes_per_step"]["minimum"]
    assert told["bytes_per_step"]["ratio"] == ratio > 1
    assert f" MB per step, {ratio:.2f} times the minimum of " in outcome.out
    forward = told["layers"][1]["forward"]["bytes_per_step"]
    # 16 rows of 4 numbers, the weights and biases of 5 units, and their outputs, which the biases are added to.
    assert forward["minimum"] == 4 * (16 * 4 + 5 * 4 + 5 + 16 * 5)
    assert forward["moved"] == forward["minimum"] + 4 * 2 * 16 * 5

    outcome = nntrain("resume", "run", "--set", "train.epochs=3", "--profile")
    assert outcome.code == 0
    assert "component" in outcome.out
    assert json.loads((tmp_path / "run" / "profile.json").read_text())["steps"] == 7


def test_a_run_continues_without_bytes_that_cannot_be_counted(
    nntrain: Command, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(trainer: object) -> None:
        raise ModuleError("Linear(4 -> 5): TypeError: expected an array")

    monkeypatch.setattr(run_profile, "count_trainer_step", fail)
    outcome = nntrain("fit", iris, *FIT, "--profile")
    assert outcome.code == 0
    reason = "the profile does not contain the bytes per step: Linear(4 -> 5): TypeError: expected an array"
    assert reason in outcome.out + outcome.err
    assert "MB/step" not in outcome.out
    assert "bytes_per_step" not in json.loads((tmp_path / "run" / "profile.json").read_text())


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
    monkeypatch.setattr(training, "ProgressBar", lambda **options: StopAfter(3))
    outcome = nntrain("fit", iris, *FIT, "--profile")
    assert outcome.code == 130
    assert "component" in outcome.out
    assert json.loads((tmp_path / "run" / "profile.json").read_text())["steps"] == 3
