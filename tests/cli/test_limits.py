"""Limits of the system: one line, no traceback, and never the exit code of a bug."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nntrain.checkpoint.read import read
from nntrain.cli import main as command_line
from nntrain.cli.main import exit_code
from nntrain.errors import ArgumentError
from nntrain.nn.threads import threads
from nntrain.refusal import FILES, MEMORY, THREADS, refusal
from nntrain.signals.stopping import Stop
from nntrain.training.interrupt import Interrupt
from nntrain.training.run_folder import RunFolder
from tests.cli.processes import ENDLESS, IRIS, SHORT, begun, ended, environment, read_until, run

resource = pytest.importorskip("resource", reason="this system has no limits that a test can set")

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux changes the limits of another process")


@linux
@pytest.mark.parametrize("every", ["1h", "5steps"])
def test_a_run_that_cannot_be_saved_when_it_is_stopped_keeps_its_checkpoints(every: str, tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--checkpoint-every", every, "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    # As on a full disk: no file may grow.
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, 1))
    process.send_signal(signal.SIGTERM)
    outcome = ended(process)
    *warnings, last = outcome.err.splitlines()
    assert outcome.code == 5
    assert all(warning.startswith("Warning: ") for warning in warnings)
    assert last.startswith("Error: stopped after step ")
    assert "File too large" in last
    assert last.endswith("with: nntrain resume run")
    folder = RunFolder(tmp_path / "run")
    assert f"go on from step {int(folder.saved()[-1].stem[5:])} " in last
    for path in (*folder.saved(), *folder.bests()):
        read(path)
    assert not [path for path in tmp_path.rglob("*") if "tmp" in path.name]


@linux
def test_a_run_goes_on_when_its_checkpoints_find_no_room(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--checkpoint-every", "5steps", "--out", "run", cwd=tmp_path, stderr=subprocess.STDOUT)
    read_until(process, "epoch   3")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    read_until(process, "Warning: run/")
    read_until(process, "epoch")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    process.send_signal(signal.SIGTERM)
    outcome = ended(process)
    assert outcome.code == 130
    assert outcome.out.splitlines()[-1].endswith("and saved; go on with: nntrain resume run")
    lines = RunFolder(tmp_path / "run").logged()
    assert [line["epoch"] for line in lines] == list(range(1, len(lines) + 1))


@linux
@pytest.mark.parametrize("megabytes", [60, 200, 450, 700])
def test_too_little_memory_is_one_line(megabytes: int, tmp_path: Path) -> None:
    outcome = limited(f"ulimit -v {megabytes * 1000}", tmp_path)
    # OpenBLAS and the C library end a process themselves, with a line of their own, where they get no memory.
    assert outcome.code != 70
    assert "Traceback" not in outcome.err
    assert outcome.code or (tmp_path / "run" / "scores.json").is_file()


@linux
@pytest.mark.parametrize("files", [6, 7, 10])
def test_too_few_open_files_are_one_line(files: int, tmp_path: Path) -> None:
    outcome = limited(f"ulimit -n {files}", tmp_path)
    assert outcome.code != 70
    assert "Traceback" not in outcome.err
    assert outcome.code or (tmp_path / "run" / "scores.json").is_file()


def limited(limit: str, cwd: Path) -> Any:
    command = ("sh", "-c", f'{limit}; exec "$@"', "sh", sys.executable, "-m", "nntrain")
    return run(*SHORT, "--out", "run", cwd=cwd, command=command)


@linux
def test_the_limit_of_cpu_time_saves_and_stops(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    # It is over already.
    resource.prlimit(process.pid, resource.RLIMIT_CPU, (1, resource.RLIM_INFINITY))
    outcome = ended(process)
    assert outcome.code == 130
    assert outcome.err.endswith("and saved; go on with: nntrain resume run\n")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), MEMORY),
        (RuntimeError("can't start new thread"), THREADS),
        (ImportError("libopenblas.so.0: failed to map segment from shared object"), MEMORY),
        (ImportError("libz.so.1: cannot open shared object file: Error 24"), FILES),
        (RuntimeError("std::bad_alloc"), MEMORY),
        (ValueError("Unable to allocate 3.2 GiB for an array"), MEMORY),
        (KeyError("allocate"), None),
        (ImportError("No module named 'numpy'"), None),
    ],
)
def test_refusals_are_known_by_their_words(error: Exception, line: str | None) -> None:
    assert refusal(error) == line


def test_a_refusal_behind_another_error_is_known() -> None:
    error = ValueError("no network")
    error.__cause__ = MemoryError()
    assert refusal(error) == MEMORY


def test_a_refusal_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(command_line, "cli", SimpleNamespace(main=refused))
    assert exit_code(["show", "run"]) == 1
    assert capsys.readouterr().err == f"Error: {THREADS}\n"


def test_a_signal_that_is_sent_twice_counts_once_and_a_second_request_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=0.0)
    monkeypatch.setattr("nntrain.training.interrupt.time", clock)
    with Interrupt() as interrupt:
        signal.raise_signal(signal.SIGTERM)
        clock.now = 0.1
        signal.raise_signal(signal.SIGTERM)
        assert interrupt.requested
        clock.now = 2.0
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_before_training_too_a_signal_that_is_sent_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=0.0)
    monkeypatch.setattr("nntrain.signals.stopping.time", clock)
    stop = Stop()
    with pytest.raises(KeyboardInterrupt):
        stop(signal.SIGTERM, None)
    clock.now = 0.1
    stop(signal.SIGTERM, None)
    clock.now = 2.0
    with pytest.raises(KeyboardInterrupt):
        stop(signal.SIGINT, None)


@pytest.mark.parametrize("value", ["abc", "0", "-1", str(10**9), "9" * 5000, "1.5", ""])
def test_a_number_of_threads_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", value)
    with pytest.raises(ArgumentError, match="expected a whole number of at least 1 and at most 1024"):
        threads()


IN_DELETED = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'


@linux
@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("--version",), 0, ""),
        (("show", "run"), 2, "Error: run: "),
        (("fit", "rows.csv"), 1, "Error: the current folder was deleted: No such file or directory\n"),
        (("fit", IRIS, "--target", "species"), 1, "Error: runs: No such file or directory\n"),
    ],
)
def test_a_folder_that_was_deleted_is_one_line(
    arguments: tuple[str, ...], code: int, reason: str, tmp_path: Path
) -> None:
    command = ("sh", "-c", IN_DELETED, "sh", sys.executable, "-m", "nntrain")
    outcome = run(*arguments, cwd=tmp_path, command=command)
    assert (outcome.code, outcome.err.startswith(reason)) == (code, True), outcome.err
    assert outcome.err.count("\n") == bool(code)


def test_an_environment_without_folders_is_enough(tmp_path: Path) -> None:
    env = environment(HOME="/nonexistent", TMPDIR="/nonexistent", PATH="")
    assert run(*SHORT, "--out", "run", cwd=tmp_path, env=env).code == 0
