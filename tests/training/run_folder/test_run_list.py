"""The list of runs: every state, order, and no failure for a corrupt one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.training.diagnostics import run_list
from nntrain.training.diagnostics.run_list import RunEntry, list_runs, sort_runs

DATA = ("datasets/iris.csv", "--target", "species", "--set", "train.epochs=2", "--set", "model.hidden=[4]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, one that was stopped, one that is corrupt, and a cross-validation."""
    folder = tmp_path_factory.mktemp("runs")
    for name in ("finished", "stopped", "corrupt"):
        assert run_command(["fit", *DATA, "--out", str(folder / "inner" / name)]) == 0
    assert run_command(["fit", *DATA, "--folds", "2", "--out", str(folder / "folds")]) == 0
    (folder / "inner" / "stopped" / "scores.json").unlink()
    (folder / "inner" / "corrupt" / "metrics.jsonl").write_text("{\n")
    return folder


def entries(folder: Path) -> dict[str, RunEntry]:
    return {Path(entry.path).name: entry for entry in list_runs(folder)}


def test_every_run_has_its_state(folder: Path) -> None:
    found = entries(folder)
    assert {name: entry.state for name, entry in found.items()} == {
        "finished": "finished",
        "stopped": "stopped",
        "corrupt": "corrupt",
        "folds": "finished",
    }
    assert "metrics.jsonl: corrupt" in found["corrupt"].reason


def test_the_score_is_that_of_the_test_set(folder: Path) -> None:
    found = entries(folder)
    scores = json.loads((folder / "inner" / "finished" / "scores.json").read_text())
    one = found["finished"]
    assert (one.metric, one.score, one.scored_set) == ("accuracy", scores["test"]["accuracy"], "test")
    assert one.epochs == 2
    assert one.seconds is not None
    assert one.target == "species"
    mean = json.loads((folder / "folds" / "folds.json").read_text())["mean"]["test"]["accuracy"]
    assert found["folds"].score == pytest.approx(mean)
    assert found["folds"].scored_set == "2 test folds"
    assert found["stopped"].score is None


def test_a_run_that_another_process_has_locked_is_running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_list, "is_in_use", lambda path: path.name == "stopped")
    assert entries(folder)["stopped"].state == "running"


@pytest.mark.parametrize("key", list(run_list.SORT_KEYS))
def test_every_order_has_all_runs(folder: Path, key: str) -> None:
    found = list_runs(folder)
    there = sort_runs(found, key)
    assert sorted(there, key=id) == sorted(found, key=id)
    assert [entry.path for entry in sort_runs(found, "name")] == sorted(entry.path for entry in found)


def test_the_newest_run_is_first() -> None:
    old, new = RunEntry("a", "finished", started="2026-01-01"), RunEntry("b", "finished", started="2026-02-01")
    assert sort_runs([old, new], "started") == [new, old]
    assert sort_runs([new, old], "started", reverse=True) == [old, new]


def test_the_command_prints_a_table_json_and_notes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_command(["runs", str(folder), "--sort", "name"]) == 0
    printed = capsys.readouterr().out
    assert "accuracy 0." in printed
    assert "metrics.jsonl: corrupt" in printed
    assert run_command(["runs", str(folder), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 4
    assert run_command(["runs", str(folder / "nothing")]) != 0
    assert "no such folder" in capsys.readouterr().err
