"""Rows that come through pipes, and paths that lead to no file: read, or refused at once."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import disk_usage
from types import SimpleNamespace
from typing import Any

import pytest

from nntrain.files import piped_input
from nntrain.files.temporary_folders import get_process_folder
from tests.cli.conftest import Outcome

Run = Callable[..., Outcome]

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@contextmanager
def substituted(content: bytes) -> Iterator[str]:
    """What a shell makes of ``<(command)``."""
    if not Path("/dev/fd").is_dir():
        pytest.skip("needs /dev/fd")
    reading, writing = os.pipe()
    writer = threading.Thread(target=write, args=(writing, content))
    writer.start()
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        writer.join()


def write(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        try:
            file.write(content)
            file.flush()
        except BrokenPipeError:
            return


def named(path: Path, content: bytes) -> threading.Thread:
    """A named pipe, and the thread that writes to it once it is read."""
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(content), daemon=True)
    writer.start()
    return writer


def fitted(nntrain: Run, data: Any, out: str) -> Outcome:
    return nntrain("fit", data, "--target", "species", "--out", out, "--set", "train.epochs=2")


def test_a_pipe_is_read_as_the_file_that_goes_through_it(nntrain: Run, iris: Path) -> None:
    with substituted(iris.read_bytes()) as pipe:
        assert fitted(nntrain, pipe, "piped").code == 0
    assert fitted(nntrain, iris, "whole").code == 0
    assert json.loads(Path("piped/scores.json").read_text()) == json.loads(Path("whole/scores.json").read_text())
    expected = nntrain("predict", "whole", iris)
    with substituted(iris.read_bytes()) as pipe:
        assert nntrain("predict", "piped", pipe).out == expected.out
    with substituted(iris.read_bytes()) as pipe:
        found = nntrain("evaluate", "piped", pipe)
        assert f"150 rows of {pipe}" in found.out
    with substituted(iris.read_bytes()) as pipe:
        assert "104 train rows" in nntrain("check", pipe, "--target", "species").out
    again = nntrain("resume", "piped", "--set", "train.epochs=3")
    assert (again.code, again.err.count("\n")) == (3, 1)
    assert nntrain("resume", "piped", "--set", "train.epochs=3", "--data", iris).code == 0


def test_a_named_pipe_is_read_by_its_suffix_and_named_in_messages(nntrain: Run, tmp_path: Path, iris: Path) -> None:
    named(tmp_path / "iris.csv", iris.read_bytes())
    assert fitted(nntrain, "iris.csv", "run").code == 0
    named(tmp_path / "rows.jsonl", b'{"x": 1, "y": 2}\n{"x": "oops"')
    found = nntrain("check", "rows.jsonl")
    assert found.code == 3
    assert found.err.startswith(f"Error: {tmp_path}/rows.jsonl: ")
    assert str(get_process_folder()) not in found.err + Path("run/run.json").read_text()


def test_a_pipe_to_which_nothing_is_written_is_refused(nntrain: Run, tmp_path: Path, iris: Path, monkeypatch) -> None:
    monkeypatch.setattr(piped_input, "WRITER_TIMEOUT", 0.2)
    fitted(nntrain, iris, "run")
    os.mkfifo(tmp_path / "pipe.csv")
    for command in (
        ("check", "pipe.csv"),
        ("init", "pipe.csv"),
        ("fit", "pipe.csv"),
        ("predict", "run", "pipe.csv"),
        ("evaluate", "run", "pipe.csv"),
        ("convert", "pipe.csv", "out.h5"),
        ("resume", "run", "--data", "pipe.csv"),
        ("fit", iris, "--set", "data.validation_path=pipe.csv"),
        ("fit", iris, "--set", "data.test_path=pipe.csv"),
    ):
        found = nntrain(*command)
        assert (found.code, found.err.count("\n")) == (3, 1), command
        assert "pipe.csv: no program writes to this pipe; expected a data file" in found.err


def test_a_pipe_is_no_config_and_no_network(nntrain: Run, tmp_path: Path, iris: Path) -> None:
    for name in ("pipe.toml", "pipe.h5", "pipe.t7"):
        os.mkfifo(tmp_path / name)
    for command in (
        ("fit", "pipe.toml"),
        ("check", "pipe.toml"),
        ("show", "pipe.h5"),
        ("show", "pipe.t7"),
        ("predict", "pipe.h5", iris),
        ("predict", "pipe.t7", iris),
        ("diff", "pipe.h5", "pipe.h5"),
        ("fit", iris, "--target", "species", "--out", "new", "--set", "model.from=pipe.h5"),
    ):
        found = nntrain(*command)
        assert found.code not in (0, 70), command
        assert found.err.count("\n") == 1, command


def test_a_pipe_without_end_stops_before_the_disk_is_full(nntrain: Run, iris: Path, monkeypatch) -> None:
    usage = disk_usage(".")
    before = set(get_process_folder().glob("received-*"))
    monkeypatch.setattr(piped_input.shutil, "disk_usage", lambda _: usage._replace(free=4_000_000))
    with substituted(b"1,2\n" * 1_000_000) as pipe:
        found = nntrain("check", pipe)
    assert found.code == 3
    assert f"{pipe}: more than 2 MB, half of the free space in " in found.err
    assert set(get_process_folder().glob("received-*")) == before


def test_invalid_file_is_refused_at_once(nntrain: Run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.csv")
        for path, what in (
            ("/dev/zero", "expected a data file, got a character device"),
            ("/dev/urandom", "expected a data file, got a character device"),
            ("/dev/null", "the file is empty"),
            ("socket.csv", "expected a data file, got a socket"),
            (".", "is a folder; expected a file of rows"),
            ("/proc/self/stat", "expected a data file, got a file of the kernel; copy it first"),
        ):
            if Path(path).exists():
                found = nntrain("check", path)
                assert found.code == 3
                assert what in found.err


def test_the_standard_input_has_two_names(nntrain: Run, iris: Path, monkeypatch) -> None:
    fitted(nntrain, iris, "run")
    outputs = set()
    for name in ("-", "/dev/stdin"):
        stdin = SimpleNamespace(buffer=BytesIO(iris.read_bytes()), isatty=lambda: False)
        monkeypatch.setattr(sys, "stdin", stdin)
        outputs.add(nntrain("predict", "run", name).out)
    assert outputs == {nntrain("predict", "run", iris).out}
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(), isatty=lambda: True))
    assert "/dev/stdin: expected a data file, got a terminal" in nntrain("check", "/dev/stdin").err
