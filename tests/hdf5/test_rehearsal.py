"""What goes wrong in the child process becomes a line in its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.errors import DataError, NntrainError
from nntrain.hdf5 import opening, sandbox
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.sandbox import IS_SANDBOXED, run_sandboxed
from tests.hdf5.hostile import rows

pytestmark = pytest.mark.skipif(not IS_SANDBOXED, reason="files are tried in a process of their own on Linux alone")


def crash(problem: ErrorFactory) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def loop(problem: ErrorFactory) -> None:
    while True:
        pass


def wait(problem: ErrorFactory) -> None:
    time.sleep(600)


def end(number: int) -> sandbox.Callable[[ErrorFactory], None]:
    def survey(problem: ErrorFactory) -> None:
        os.kill(os.getpid(), number)
        time.sleep(600)

    return survey


def fill(problem: ErrorFactory) -> None:
    kept = []
    while True:
        kept.append(bytearray(2**24))


def refuse(problem: ErrorFactory) -> None:
    raise problem("is a crocodile")


def fail(problem: ErrorFactory) -> None:
    raise KeyError("a mistake")


@pytest.mark.parametrize(
    ("survey", "line"),
    [
        (crash, "HDF5 crashes while reading it (signal 11); the file may be malicious or corrupt"),
        (loop, "HDF5 did not finish reading it in 1 s; the file may be malicious or corrupt"),
        (wait, "HDF5 did not finish reading it in 1 s; the file may be malicious or corrupt"),
        (fill, "reading it needs more memory than the limit for this file size; the file may be malicious or corrupt"),
        (refuse, "is a crocodile"),
        (fail, "it could not be read in a sandbox process"),
        (lambda problem: os._exit(127), "it could not be read in a sandbox process"),
        (end(signal.SIGTERM), "the sandbox process was ended by signal 15 (Terminated); try again"),
        (end(signal.SIGHUP), "the sandbox process was ended by signal 1 (Hangup); try again"),
        (
            end(signal.SIGKILL),
            "the sandbox process was ended by signal 9 (Killed); try again, or free memory if the system ran out of it",
        ),
        (lambda problem: None, ""),
        (lambda problem: os.write(1, b"seen") and None, ""),
    ],
)
def test_what_happens_to_the_child_is_reported_in_a_line(
    survey: sandbox.Callable[[ErrorFactory], None], line: str, monkeypatch: pytest.MonkeyPatch, capfd: object
) -> None:
    monkeypatch.setattr(sandbox, "MIN_SECONDS", 1)
    monkeypatch.setattr(sandbox, "WALL_CLOCK_FACTOR", 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run_sandboxed(survey, 1000) == line
    assert capfd.readouterr() == ("", "")  # type: ignore[attr-defined]


CRASH = "HDF5 crashes while reading it (signal 11)"

# Limits are for all of a process, so each is tried in one of its own.
LIMITED = """
import os, resource, signal
from nntrain.hdf5.sandbox import run_sandboxed

def crash(problem):
    os.kill(os.getpid(), signal.SIGSEGV)

def fill(problem):
    raise MemoryError

def loop(problem):
    while True:
        pass

resource.setrlimit(resource.{limit}, ({value}, resource.RLIM_INFINITY))
print(run_sandboxed({survey}, 1000))
"""


@pytest.mark.parametrize(
    ("survey", "limit", "value", "line"),
    [
        (
            "crash",
            "RLIMIT_AS",
            300_000_000,
            f"{CRASH}, probably for lack of memory; raise the limit of 300 MB (ulimit -v)",
        ),
        ("fill", "RLIMIT_AS", 300_000_000, "not enough memory; raise the limit of 300 MB (ulimit -v)"),
        ("fill", "RLIMIT_DATA", 200_000_000, "not enough memory; raise the limit of 200 MB (ulimit -d)"),
        (
            "crash",
            "RLIMIT_AS",
            2**45,
            "HDF5 crashes while reading it (signal 11); the file may be malicious or corrupt",
        ),
        ("loop", "RLIMIT_CPU", 3, "reached the CPU time limit (ulimit -t) while HDF5 read it; raise the limit"),
    ],
)
def test_a_limit_of_the_system_is_not_the_fault_of_the_file(survey: str, limit: str, value: int, line: str) -> None:
    program = LIMITED.format(survey=survey, limit=limit, value=value)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (ended.stdout, ended.stderr) == (f"{line}\n", "")


def test_the_child_is_ended_where_the_parent_is_interrupted(tmp_path: Path) -> None:
    mark = tmp_path / "child"

    def survey(problem: ErrorFactory) -> None:
        mark.write_text(str(os.getpid()), encoding="ascii")
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(600)

    with pytest.raises(KeyboardInterrupt):
        run_sandboxed(survey, 1000)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text(encoding="ascii")), 0)


def test_a_file_is_tried_once_and_again_when_it_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, tries = tmp_path / "rows.h5", []
    monkeypatch.setattr(opening, "run_sandboxed", lambda *arguments: tries.append(arguments) or "")
    for expected, count in ((1, 20), (2, 30)):
        with h5py.File(path, "w") as file:
            rows(file, count)
        for _ in range(3):
            assert len(read_hdf5(path)["all"].inputs) == count
        assert len(tries) == expected


def test_a_refused_file_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, tries = tmp_path / "rows.h5", []
    monkeypatch.setattr(opening, "run_sandboxed", lambda *arguments: tries.append(arguments) or "is a crocodile")
    with h5py.File(path, "w") as file:
        rows(file)
    for _ in range(3):
        with pytest.raises(DataError, match="is a crocodile"):
            read_hdf5(path)
    assert len(tries) == 1


def test_a_file_of_nntrains_own_is_not_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        file["x"] = np.zeros(3)
    monkeypatch.setattr(opening, "run_sandboxed", lambda *_: pytest.fail("it was tried"))
    opening.open_hdf5_file(tmp_path / "rows.h5", NntrainError, own=True).close()


def test_a_file_that_changes_whenever_it_is_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        rows(file)

    def touched(*_: object) -> str:
        os.utime(path, ns=(0, time.time_ns()))
        return ""

    monkeypatch.setattr(opening, "run_sandboxed", touched)
    with pytest.raises(NntrainError, match="changes while it is opened"):
        opening.open_hdf5_file(path, NntrainError)
