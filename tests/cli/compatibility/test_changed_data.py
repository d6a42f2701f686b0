"""A run whose file of rows has changed is not split again: training rows would be in its test set."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.data.fingerprint import compute_sampled_fingerprint

Command = Callable[..., Any]

ROWS = 200
CHANGED = "the data has changed since the run started"


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Labels that nothing predicts."""
    random = np.random.default_rng(3)
    lines = [f"{a:.6f},{b:.6f},{'xy'[int(c > 0.5)]}" for a, b, c in random.random((ROWS, 3))]
    path = tmp_path / "noise.csv"
    path.write_text("a,b,y\n" + "\n".join(lines) + "\n")
    return path


@pytest.fixture
def run(nntrain: Command, noise: Path) -> str:
    assert nntrain("fit", noise, "--target", "y", "--out", "run", "--set", "train.epochs=2").code == 0
    return "run"


def changed(path: Path, how: str) -> None:
    head, *rows = path.read_text().splitlines()
    rows = sorted(rows) if how == "sorted" else [*rows, "0.5,0.5,x"]
    path.write_text("\n".join([head, *rows]) + "\n")


@pytest.mark.parametrize("how", ["sorted", "appended"])
@pytest.mark.parametrize("stream", [False, True])
def test_the_test_set_is_not_drawn_anew(nntrain: Command, noise: Path, tmp_path: Path, how: str, stream: bool) -> None:
    streamed = ("--set", "data.stream=true", "--set", f"data.cache={tmp_path / 'cache'}") if stream else ()
    assert nntrain("fit", noise, "--target", "y", "--out", "run", "--set", "train.epochs=2", *streamed).code == 0
    before = nntrain("evaluate", "run", "--json")
    assert before.code == 0, before.err
    old = noise.read_bytes()
    changed(noise, how)
    refused = nntrain("evaluate", "run")
    assert refused.code == 3
    assert refused.err.count("\n") == 1
    assert CHANGED in refused.err
    assert "restore the old file, or score another file: nntrain evaluate run DATA\n" in refused.err
    for source in ("run", "run/config.toml"):
        refused = nntrain("check", source)
        assert (refused.code, CHANGED in refused.err) == (3, True)
    noise.write_bytes(old)
    assert nntrain("evaluate", "run", "--json").out == before.out
    assert nntrain("check", "run").code == 0


# The bytes of a cell that nothing reads, and the rows: together 24 MB, of which older runs compared 16 MiB.
CELL, LONG_ROWS = 80_000, 300


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of which samples do not show all labels."""
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("a,note,y\n")
        for row in range(LONG_ROWS):
            file.write(f"{row % 17},{'n' * CELL},{'xy'[row % 17 > 8]}\n")
    return path


def with_a_changed_label(path: Path) -> bytes:
    """Change one label where samples do not show it; returns the content before."""
    before, sampled = path.read_bytes(), compute_sampled_fingerprint(path)
    for place in range(len(before)):
        place = before.find(b",x\n", place + 1)
        path.write_bytes(before[: place + 1] + b"y" + before[place + 2 :])
        if compute_sampled_fingerprint(path) == sampled:
            return before
    raise AssertionError("every label is in a sample")


FIT = ("--target", "y", "--out", "run", "--set", 'data.ignore=["note"]', "--set", "data.stream=true")
LENGTH = ("--set", "train.epochs=2")


def test_a_change_between_samples_of_a_large_file_is_found_by_every_command(
    nntrain: Command, large: Path, tmp_path: Path
) -> None:
    cache = ("--set", f"data.cache={tmp_path / 'cache'}")
    begun = nntrain("fit", large, *FIT, *LENGTH, *cache)
    assert begun.code == 0, begun.err
    about = json.loads((tmp_path / "run" / "run.json").read_text())
    assert about["data"]["hash"] == "sha256"
    assert about["data"]["fingerprint"] == hashlib.sha256(large.read_bytes()).hexdigest()
    before = with_a_changed_label(large)
    for command in (("resume", "run", "--set", "train.epochs=3"), ("evaluate", "run"), ("check", "run")):
        refused = nntrain(*command)
        assert (refused.code, refused.err.count("\n")) == (3, 1), command
        assert CHANGED in refused.err
    large.write_bytes(before)
    resumed = nntrain("resume", "run", "--set", "train.epochs=3")
    assert resumed.code == 0, resumed.err


def test_a_run_of_an_older_nntrain_is_compared_by_samples_once(nntrain: Command, large: Path, tmp_path: Path) -> None:
    assert nntrain("fit", large, *FIT, *LENGTH, "--set", f"data.cache={tmp_path / 'cache'}").code == 0
    path = tmp_path / "run" / "run.json"
    about = json.loads(path.read_text())
    whole = about["data"].copy()
    del about["data"]["hash"]
    about["data"]["fingerprint"] = compute_sampled_fingerprint(large)
    path.write_text(json.dumps(about))
    assert nntrain("evaluate", "run").code == 0
    assert json.loads(path.read_text()) == about
    resumed = nntrain("resume", "run", "--set", "train.epochs=3")
    assert resumed.code == 0, resumed.err
    assert "Note: an older nntrain recorded only samples of the data" in resumed.out
    assert json.loads(path.read_text())["data"] == whole
    with_a_changed_label(large)
    assert nntrain("resume", "run", "--set", "train.epochs=4").code == 3
    about["data"]["fingerprint"] = "0" * 64
    path.write_text(json.dumps(about))
    assert nntrain("resume", "run", "--set", "train.epochs=4").code == 3


def test_folds_have_the_rows_of_the_first_one(nntrain: Command, noise: Path, tmp_path: Path) -> None:
    command = ("fit", noise, "--target", "y", "--folds", 2, "--out", "run", "--set", "train.epochs=1")
    assert nntrain(*command).code == 0
    shutil.rmtree(tmp_path / "run" / "fold-2")
    changed(noise, "sorted")
    refused = nntrain("resume", "run")
    assert (refused.code, refused.err.count("\n")) == (3, 1)
    assert CHANGED in refused.err


def test_a_file_that_is_gone_is_reported_with_the_way_out(nntrain: Command, run: str, noise: Path) -> None:
    noise.unlink()
    refused = nntrain("evaluate", run)
    assert refused.err == (
        f"Error: {noise}: no such file; restore it, or score another file: nntrain evaluate run DATA\n"
    )


def test_a_test_file_of_its_own_is_the_way_out(nntrain: Command, noise: Path, tmp_path: Path) -> None:
    test = tmp_path / "held out.csv"
    test.write_text(noise.read_text())
    fit = ("fit", noise, "--target", "y", "--out", "run", "--set", "train.epochs=2")
    assert nntrain(*fit, "--set", f"data.test_path={test}").code == 0
    changed(test, "appended")
    assert f"nntrain evaluate run '{test}'" in nntrain("evaluate", "run").err
    changed(noise, "sorted")
    assert nntrain("evaluate", "run").code == 3


def test_rows_of_training_in_a_file_to_score_are_a_warning(
    nntrain: Command, run: str, noise: Path, tmp_path: Path
) -> None:
    train = json.loads((tmp_path / run / "run.json").read_text())["data"]["rows"]["train"]
    for flags in ((), ("--json",)):
        outcome = nntrain("evaluate", run, noise, *flags)
        assert outcome.err == (
            f"Warning: {noise}: {train} of {ROWS} rows are the same as training rows of the run, which inflates the "
            "scores\n"
        )
    fresh = tmp_path / "fresh.csv"
    fresh.write_text("a,b,y\n0.123,7,x\n0.3,9,y\n")
    assert nntrain("evaluate", run, fresh).err == ""


def test_rows_in_two_sets_and_leaks_have_one_level_everywhere(nntrain: Command, noise: Path) -> None:
    head, *rows = noise.read_text().splitlines()
    leaky = [f"{row},{'pq'[row.endswith('x')]}" for row in rows]
    noise.write_text("\n".join([f"{head},leak", *leaky, *leaky]) + "\n")
    command = (noise, "--target", "y")
    fit = nntrain("fit", *command, "--set", "train.epochs=1")
    check = nntrain("check", *command)
    init = nntrain("init", *command)
    warnings = [line for line in check.out.splitlines() if line.startswith("Warning: ")]
    assert [line for line in fit.err.splitlines() if line.startswith("Warning: ")] == warnings
    assert [line for line in init.err.splitlines() if line.startswith("Warning: ")] == warnings
    assert "column 'leak' leaks the target: it alone predicts 'y' in 100.0% of the training rows" in warnings[0]
    # Every row is in the file twice, and 400 are split: those of the test set whose twin is in the training set.
    repeats = [line for line in warnings if "of the test set equal rows of the train set after encoding" in line]
    assert len(repeats) == 1
    assert "which inflates the scores; if they are duplicates, remove them from the file" in repeats[0]
    assert "Problem" not in check.out
    assert "leaks the target" not in fit.out
