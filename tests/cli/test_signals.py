"""Signals at every moment of a command: nothing is half written, and the message names the way to resume."""

import signal
import sys
from pathlib import Path

import pytest

from nntrain.cli.main import exit_code
from nntrain.training.run_folder import RunFolder
from tests.cli.processes import ENDLESS, IRIS, SHORT, begun, ended, read_until, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

STRUCK = (sys.executable, "-m", "tests.cli.struck")

READING = "nntrain.training.start.load"
FILLING = "nntrain.checkpoint.write.fill"
CLOSING = "nntrain.training.loop.close_epoch"
SCORING = "nntrain.training.finish.read"
SCORES = "nntrain.training.finish.write_text"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("import click", "SIGTERM"),
        ("import duckdb", "SIGHUP"),
        (READING, "SIGTERM"),
        (READING, "SIGXCPU"),
        (FILLING, "SIGINT"),
    ],
)
def test_before_training_a_signal_stops_at_once_and_leaves_nothing(where: str, name: str, tmp_path: Path) -> None:
    outcome = run(where, name, *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not list(tmp_path.iterdir())


# About all calls of the command; numpy, and most of what else takes time, is imported meanwhile.
CALLS = range(1, 170_000, 8_900)
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")


@pytest.mark.parametrize(("calls", "name"), [(calls, NAMES[index % 4]) for index, calls in enumerate(CALLS)])
def test_while_python_imports_a_signal_is_one_line(calls: int, name: str, tmp_path: Path) -> None:
    outcome = run(f"call {calls}", name, "layers", "Linear", cwd=tmp_path, command=STRUCK)
    stopped = (130, "Stopped at once.\n")
    assert (outcome.code, outcome.err) == ((0, "") if name == "SIGUSR1" else stopped)


def test_before_signals_are_handled_ctrl_c_is_no_traceback(tmp_path: Path) -> None:
    program = """
import os, signal, sys
sys.argv = ["nntrain", "layers"]
from nntrain.cli.entry import main
class Strikes:
    def find_spec(self, name, path, target):
        if name == "nntrain.signals.stopping":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Strikes())
main()
"""
    outcome = run("-c", program, cwd=tmp_path, command=(sys.executable,))
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")


def test_a_stop_where_python_catches_nothing_comes_a_little_later(tmp_path: Path) -> None:
    program = """
import os, signal, time, weakref
from nntrain.signals.stopping import listen
listen()
class Lock: pass
lock = Lock()
reference = weakref.ref(lock, lambda _: os.kill(os.getpid(), signal.SIGTERM))
try:
    del lock
    time.sleep(600)
except KeyboardInterrupt:
    print("stopped")
"""
    outcome = run("-c", program, cwd=tmp_path, command=(sys.executable,))
    assert (outcome.code, outcome.out, outcome.err) == (0, "stopped\n", "")


def test_a_library_in_c_is_imported_to_its_end_before_a_signal_stops(tmp_path: Path) -> None:
    # DuckDB makes classes of Python while it is loaded, and ends the process if that raises anything.
    program = """
import enum, os, signal, sys, time
from nntrain.signals.stopping import is_loading, listen
listen()
struck = []
def strike(frame, event, argument):
    if event == "call" and not struck and is_loading(frame):
        struck.append(frame)
        os.kill(os.getpid(), signal.SIGTERM)
sys.setprofile(strike)
try:
    import duckdb
    sys.setprofile(None)
    time.sleep(600 if struck else 0)
except KeyboardInterrupt:
    pass
print("stopped", hasattr(sys.modules["_duckdb"], "__file__"))
"""
    outcome = run("-c", program, cwd=tmp_path, command=(sys.executable,))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "stopped True\n"


def test_a_run_to_be_replaced_is_there_again(tmp_path: Path) -> None:
    assert run(*SHORT, "--out", "run", cwd=tmp_path).code == 0
    before = files(tmp_path)
    outcome = run(FILLING, "SIGTERM", *SHORT, "--out", "run", "--force", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("where", "name", "reason"),
    [
        (CLOSING, "SIGTERM", "Stopped after step 4 and saved"),
        (CLOSING, "SIGHUP", "Stopped after step 4 and saved"),
        (CLOSING, "SIGXCPU", "Stopped after step 4 and saved"),
        # The best network, the checkpoint of the end.
        (f"{FILLING}:3", "SIGTERM", "Stopped before all parts were scored; all is saved"),
        (SCORING, "SIGTERM", "Stopped before all parts were scored; all is saved"),
        (f"{FILLING}:4", "SIGTERM", "Stopped before all parts were scored; all is saved"),
        (SCORES, "SIGHUP", "Stopped before all parts were scored; all is saved"),
    ],
)
def test_a_run_that_is_stopped_ends_as_one_that_was_not(
    where: str, name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(where, name, *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, f"{reason}; go on with: nntrain resume run\n")
    assert not [name for name in files(tmp_path) if "tmp" in name]
    assert exit_code(["resume", "run"]) == 0
    assert exit_code([*SHORT, "--out", "whole"]) == 0
    for name in ("metrics.jsonl", "scores.json"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize("where", ["nntrain.data.row_file.stored:2", "nntrain.data.row_file.places"])
def test_predictions_that_are_stopped_leave_nothing(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code([*SHORT, "--out", "run"]) == 0
    outcome = run(where, "SIGTERM", "predict", "run", IRIS, "-o", "rows.h5", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_fold_that_is_stopped_names_the_whole(tmp_path: Path) -> None:
    arguments = (*SHORT, "--folds", "2", "--out", "folds")
    outcome = run(f"{READING}:2", "SIGTERM", *arguments, cwd=tmp_path, command=STRUCK)
    assert outcome.code == 130
    assert outcome.err.endswith("Stopped at once in fold 2; go on with: nntrain resume folds\n")
    outcome = run(f"{READING}", "SIGTERM", *arguments[:-1], "others", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not (tmp_path / "others").exists()


def test_nothing_is_left_of_a_verification(tmp_path: Path) -> None:
    arguments = ("verify-resume", IRIS, "--target", "species", "--steps", "4", "--kills", "1")
    outcome = run("nntrain.training.verification.in_a_process", "SIGTERM", *arguments, cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not list(tmp_path.iterdir())


def test_a_closed_terminal_saves_and_stops(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    # The kernel and the shell each send one.
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    outcome = ended(process)
    assert outcome.code == 130
    assert outcome.err.endswith("and saved; go on with: nntrain resume run\n")


def test_under_nohup_a_closed_terminal_changes_nothing(tmp_path: Path) -> None:
    ignoring = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh", *STRUCK)
    outcome = run(CLOSING, "SIGHUP", *SHORT, "--out", "run", cwd=tmp_path, command=ignoring)
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("where", ["import click", READING, SCORING])
def test_outside_training_usr1_is_ignored(where: str, tmp_path: Path) -> None:
    outcome = run(where, "SIGUSR1", *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (0, "")


def test_usr1_saves_and_training_goes_on(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--checkpoint-every", "1h", "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    before = RunFolder(tmp_path / "run").saved()
    process.send_signal(signal.SIGUSR1)
    while RunFolder(tmp_path / "run").saved() == before:
        read_until(process, "epoch")
    process.send_signal(signal.SIGTERM)
    assert ended(process).code == 130
