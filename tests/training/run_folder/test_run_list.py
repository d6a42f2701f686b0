"""The list of runs: every state, order, and no failure for a corrupt one."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli.main import run_command
from nntrain.config.toml import format_toml, read_toml
from nntrain.errors import RunError
from nntrain.files.own_files import read_last_line
from nntrain.training.diagnostics import run_list
from nntrain.training.diagnostics.run_list import RunEntry, list_runs, sort_runs
from nntrain.training.run_folder.records import to_json

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
    assert found["folds"].scored_set == "mean of 2 test folds"


def test_a_run_that_has_not_ended_has_the_validation_score_of_its_last_epoch(folder: Path) -> None:
    lines = (folder / "inner" / "stopped" / "metrics.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])["validation"]["accuracy"]
    found = entries(folder)["stopped"]
    assert (found.score, found.scored_set, found.epochs) == (last, "validation, epoch 2", 2)


def test_an_average_has_the_test_score_of_the_average(tmp_path: Path) -> None:
    options = ("--set", "data.validation_folds=2", "--no-report", "--out", str(tmp_path / "average"))
    assert run_command(["fit", *DATA, *options]) == 0
    [found] = list_runs(tmp_path)
    scores = json.loads((tmp_path / "average" / "scores.json").read_text())
    assert (found.state, found.score, found.scored_set) == ("finished", scores["test"]["accuracy"], "test")
    (tmp_path / "average" / "scores.json").unlink()
    [found] = list_runs(tmp_path)
    mean = json.loads((tmp_path / "average" / "folds.json").read_text())["mean"]["validation"]["accuracy"]
    assert (found.state, found.score, found.scored_set) == ("stopped", mean, "mean of 2 validation folds")


def test_a_refit_belongs_to_its_run_which_ends_with_it(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert run_command(["fit", *DATA, "--refit", "--no-report", "--out", str(run)]) == 0
    assert [entry.state for entry in list_runs(tmp_path)] == ["finished"]
    (run / "refit" / "scores.json").unlink()
    assert [entry.state for entry in list_runs(tmp_path)] == ["stopped"]


def test_a_diverged_run_has_its_message(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(folder / "inner" / "stopped", run)
    metadata = json.loads((run / "run.json").read_text())
    metadata["diverged"] = {"best": 1, "message": "step 3 (epoch 1): the loss is nan"}
    (run / "run.json").write_text(json.dumps(metadata))
    [found] = list_runs(tmp_path)
    assert (found.state, found.reason) == ("diverged", "diverged at step 3 (epoch 1): the loss is nan")


def test_a_locked_run_is_running_for_every_process_that_asks(folder: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="Windows has no locks that can be asked for")
    run = tmp_path / "run"
    shutil.copytree(folder / "inner" / "stopped", run)
    with open(run / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert [entry.state for entry in list_runs(tmp_path)] == ["running"]
        fcntl.flock(lock, fcntl.LOCK_SH)  # another process asks
        assert [entry.state for entry in list_runs(tmp_path)] == ["stopped"]


HOSTILE = [None, 3, -1, math.nan, math.inf, 10**400, True, "", "\x1b[31m\nx", "9999-12-31T23:59:59-23:59", [], [3], {}]


def mutate(value: Any) -> Iterator[Any]:
    """Every copy of a JSON value in which one value is hostile or missing."""
    yield from HOSTILE
    if isinstance(value, dict):
        for key, item in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: changed} for changed in mutate(item))


@pytest.mark.parametrize("name", ["run.json", "scores.json", "metrics.jsonl", "folds.json", "config.toml"])
def test_no_value_of_a_file_is_a_failure(
    folder: Path, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = folder / "folds" if name == "folds.json" else folder / "inner" / "finished"
    ignore = shutil.ignore_patterns("checkpoints", "best.h5", "report.html")
    shutil.copytree(source, tmp_path / "run", ignore=ignore)
    path = tmp_path / "run" / name
    if name == "config.toml":
        # Other sections are not read.
        known = {key: value for key, value in read_toml(path)[0].items() if key in ("data", "train")}
        texts = [format_mutation(changed) for changed in mutate(known)]
    else:
        known = json.loads(path.read_text().splitlines()[-1] if name == "metrics.jsonl" else path.read_text())
        known.pop("libraries", None)
        texts = [json.dumps(changed) + "\n" for changed in mutate(known)]
    states = set()
    for text in dict.fromkeys(texts):
        path.write_text(text)
        entries = list_runs(tmp_path)
        states |= {entry.state for entry in entries}
        json.loads(to_json([asdict(entry) for entry in entries]), parse_constant=pytest.fail)
    assert "corrupt" in states
    path.write_text(texts[0])
    assert run_command(["runs", str(tmp_path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def format_mutation(value: Any) -> str:
    """A config with a changed value as TOML, or its JSON, which is not TOML."""
    try:
        return format_toml(value)
    except Exception:
        return json.dumps(value)


def test_the_last_line_is_read_whatever_its_length(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    for lines in ([], ["one"], ["one", "two"], ["x" * 20_000, "y" * 20_000], ["", "z"], ["é" * 5000, "ü" * 4097]):
        text = "".join(f"{line}\n" for line in lines)
        for rest in ("", "incomplete", "w" * 9000):
            path.write_text(text + rest, encoding="utf-8")
            assert read_last_line(path).rstrip("\n") == (lines[-1] if lines else "")
    path.write_bytes(b"\xff\n")
    with pytest.raises(RunError, match="expected UTF-8, got the byte 0xff"):
        read_last_line(path)


def test_a_run_that_another_process_has_locked_is_running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_list, "is_in_use", lambda path: path.name == "stopped")
    assert entries(folder)["stopped"].state == "running"


@pytest.mark.parametrize("key", list(run_list.SORT_KEYS))
def test_every_order_has_all_runs(folder: Path, key: str) -> None:
    found = list_runs(folder)
    there = sort_runs(found, key)
    assert sorted(there, key=id) == sorted(found, key=id)
    assert [entry.path for entry in sort_runs(found, "name")] == sorted(entry.path for entry in found)


def test_unknown_values_are_last_in_both_orders() -> None:
    found = [
        RunEntry(name, "stopped", score=score) for name, score in (("a", None), ("b", math.nan), ("c", 1), ("d", 2))
    ]
    assert [entry.path for entry in sort_runs(found, "score")] == ["c", "d", "a", "b"]
    assert [entry.path for entry in sort_runs(found, "score", reverse=True)] == ["d", "c", "a", "b"]


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
