"""Streaming as a user meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

STREAMED = ("--set", "data.stream=true", "--set", "train.epochs=2")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_streamed_run_says_what_it_does_and_can_be_used(nntrain: Command, iris: Path, cache: Path) -> None:
    first = nntrain("fit", iris, "--target", "species", *STREAMED, "--out", "first")
    assert first.code == 0, first.err
    assert f"{iris} does not fit in memory; its rows are encoded to disk once." in first.out
    assert f"Note: the rows are read in blocks from {cache}" in first.out
    second = nntrain("fit", iris, "--target", "species", *STREAMED, "--out", "second")
    assert "does not fit" not in second.out
    assert "written by an earlier run" in second.out
    assert nntrain("evaluate", "first").code == 0
    assert nntrain("resume", "first", "--memory", "300MB").code == 0
    assert nntrain("predict", "first", iris).out == nntrain("predict", "second", iris).out
    assert not nntrain("diff", "first", "second").err


def test_folds_are_streamed_too(nntrain: Command, iris: Path, cache: Path) -> None:
    assert nntrain("fit", iris, "--target", "species", "--folds", 2, *STREAMED, "--out", "run").code == 0
    assert len(list(cache.glob("*.h5"))) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("absent.csv", *STREAMED), 3, "absent.csv: no such file"),
        (("iris.csv", *STREAMED, "--memory", "1MB"), 2, "data.memory: expected at least '300MB', got '1MB'"),
    ],
)
def test_what_cannot_be_streamed_is_reported_in_one_line(
    nntrain: Command, iris: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "iris.csv").write_bytes(iris.read_bytes())
    refused = nntrain("fit", *arguments)
    assert (refused.code, refused.err.count("\n")) == (code, 1)
    assert told in refused.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("cache", ["iris.csv", "iris.csv/below", "/proc/none"])
def test_without_a_cache_the_rows_are_kept_for_the_command_alone(
    nntrain: Command, iris: Path, tmp_path: Path, cache: str
) -> None:
    (tmp_path / "iris.csv").write_bytes(iris.read_bytes())
    plain = (*STREAMED, "--set", "model.hidden=[8]")
    fit = nntrain("fit", "iris.csv", *plain, "--set", f'data.cache="{cache}"', "--out", "run")
    assert fit.code == 0, fit.err
    told = f"Note: the cache {tmp_path / cache} is not writable "
    assert told in fit.out
    assert "choose another folder with data.cache" in fit.out
    resumed = nntrain("resume", "run", "--set", "train.epochs=3")
    assert (resumed.code, told in resumed.out) == (0, True)
    whole = nntrain("fit", "iris.csv", *plain, "--set", "train.epochs=3", "--out", "whole")
    assert "is not writable" not in whole.out
    assert not nntrain("diff", "run", "whole").err
    for name in ("metrics.jsonl", "scores.json"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize("command", ["check", "evaluate", "resume"])
def test_a_damaged_cache_is_a_note_of_every_command(nntrain: Command, iris: Path, cache: Path, command: str) -> None:
    assert nntrain("fit", iris, "--target", "species", *STREAMED, "--out", "run").code == 0
    before = nntrain("evaluate", "run").out
    assert nntrain("check", "run").code == 0  # which fits anew, and so may have a file of its own
    contents = {path: path.read_bytes() for path in cache.glob("*.h5")}
    for path, content in contents.items():
        path.write_bytes(content[:3000])
    length = ("--set", "train.epochs=3") if command == "resume" else ()
    outcome = nntrain(command, "run", *length)
    assert outcome.code == 0, outcome.err
    assert f"Note: the cache file {cache}" in outcome.out
    assert "); rebuilding it" in outcome.out
    assert {found.read_bytes() for found in cache.glob("*.h5")} & set(contents.values())
    if command == "evaluate":
        assert nntrain("evaluate", "run").out == before
