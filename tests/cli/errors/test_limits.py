"""Limits of the system: one line, no traceback, and never the exit code of a bug."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.compute.threads import get_num_threads
from nntrain.errors import ArgumentError
from nntrain.signals.stop_signals import StopHandler
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.signal_handler import SignalHandler
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
    assert "cannot be written: file too large; raise the limit of 1 B (ulimit -f)" in last
    assert last.endswith("with: nntrain resume run")
    folder = RunFolder(tmp_path / "run")
    assert f"resume from step {int(folder.list_checkpoints()[-1].stem[5:])} " in last
    for path in (*folder.list_checkpoints(), *folder.list_best_networks()):
        read_checkpoint(path)
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
    assert outcome.out.splitlines()[-1].endswith("and saved; resume with: nntrain resume run")
    lines = RunFolder(tmp_path / "run").read_metrics()
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
@pytest.mark.parametrize("megabytes", [60, 75, 100])
def test_a_command_without_rows_advises_nothing_about_rows(megabytes: int, tmp_path: Path) -> None:
    command = ("sh", "-c", f'ulimit -v {megabytes * 1000}; exec "$@"', "sh", sys.executable, "-m", "nntrain")
    outcome = run("layers", cwd=tmp_path, command=command)
    assert outcome.err.count("\n") == bool(outcome.code)
    assert "rows" not in outcome.err


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
    assert outcome.err.startswith("Reached the CPU time limit (ulimit -t): stopped after step ")
    assert outcome.err.endswith("and saved; resume with: nntrain resume run\n")


@linux
@pytest.mark.parametrize(("given", "left"), [((9, 9), (8, 9)), ((1, 1), (1, 1)), ((3, 9), (3, 9))])
def test_a_second_is_left_before_the_limit_of_cpu_time_kills(
    given: tuple[int, int], left: tuple[int, int], tmp_path: Path
) -> None:
    program = f"""
import resource
from nntrain.compute.cpu_setup import reserve_cpu_time
resource.setrlimit(resource.RLIMIT_CPU, {given})
reserve_cpu_time()
print(resource.getrlimit(resource.RLIMIT_CPU))
"""
    assert run("-c", program, cwd=tmp_path, command=(sys.executable,)).out == f"{left}\n"


@linux
def test_an_error_of_a_report_is_one_line_too(tmp_path: Path) -> None:
    program = """
import sys
from nntrain.cli import entry, main
def no_memory(arguments):
    raise OSError(12, "Cannot allocate memory") from MemoryError()
main.run_command = no_memory
entry.main()
"""
    outcome = run("-c", program, cwd=tmp_path, command=(sys.executable,))
    assert outcome.code == 1
    assert outcome.err.startswith("Error: not enough memory; ")
    assert outcome.err.count("\n") == 1


@linux
def test_a_checkpoint_that_cannot_be_opened_for_want_of_files_is_not_damaged(tmp_path: Path) -> None:
    assert run(*SHORT, "--out", "run", cwd=tmp_path).code == 0
    before = sorted(tmp_path.rglob("*"))
    command = ("sh", "-c", 'ulimit -n 6; exec "$@"', "sh", sys.executable, "-m", "nntrain")
    outcome = run("resume", "run", "--set", "train.epochs=4", cwd=tmp_path, command=command)
    assert outcome.code == 5, outcome.err
    assert outcome.err.endswith("h5: too many open files; raise the limit of 6 (ulimit -n)\n")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_signal_that_is_sent_twice_counts_once_and_a_second_request_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=0.0)
    monkeypatch.setattr("nntrain.training.signal_handler.time", clock)
    with SignalHandler() as interrupt:
        signal.raise_signal(signal.SIGTERM)
        clock.now = 0.1
        signal.raise_signal(signal.SIGTERM)
        assert interrupt.is_stop_requested
        clock.now = 2.0
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_before_training_too_a_signal_that_is_sent_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=0.0)
    monkeypatch.setattr("nntrain.signals.stop_signals.time", clock)
    stop = StopHandler()
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
    with pytest.raises(ArgumentError, match="expected an integer from 1 to 1024"):
        get_num_threads()


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
