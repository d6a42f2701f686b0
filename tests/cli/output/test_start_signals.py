"""Signals while Python imports what a command is made of: one line, and no traceback."""

import sys
from pathlib import Path

import pytest

from tests.cli.processes import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

STRUCK = (sys.executable, "-m", "tests.cli.struck")

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
        if name == "nntrain.signals.stop_signals":
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
from nntrain.signals.stop_signals import install_handlers
install_handlers()
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
from nntrain.signals.stop_signals import is_loading_extension, install_handlers
install_handlers()
struck = []
def strike(frame, event, argument):
    if event == "call" and not struck and is_loading_extension(frame):
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
