"""A data file is opened once for its format, once for its fingerprint, and once by DuckDB for its rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.processes import IRIS, NNTRAIN, SHORT, run

MAX_OPENS = 3

# Python's part of them: DuckDB opens the file past Python.
MAX_PYTHON_OPENS = 2

# Prints a line to stderr each time Python opens FILE, then runs the command.
COUNTED = """
import os, sys
def count(event, arguments):
    if event == "open" and isinstance(arguments[0], str | os.PathLike) and os.path.basename(arguments[0]) == FILE:
        print("opened", file=sys.stderr)
FILE = os.path.basename(sys.argv.pop(1))
sys.addaudithook(count)
from nntrain.cli.entry import main
main()
"""

COMMANDS = {
    "fit": SHORT,
    "predict": ("predict", "runs/iris", IRIS),
    "evaluate": ("evaluate", "runs/iris", IRIS),
    "check": ("check", IRIS, "--target", "species"),
    "init": ("init", IRIS, "--target", "species"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run."""
    folder = tmp_path_factory.mktemp("runs")
    assert run(*SHORT, cwd=folder).code == 0
    return folder


def arguments_of(name: str, folder: Path, file_name: str) -> list[str]:
    """A command with a file of its own."""
    file = shutil.copy(IRIS, folder / file_name)
    return [str(file) if argument == IRIS else argument for argument in COMMANDS[name]]


@pytest.mark.parametrize("name", COMMANDS)
def test_python_opens_a_data_file_twice(name: str, folder: Path) -> None:
    arguments = arguments_of(name, folder, f"{name}.csv")
    result = run("-c", COUNTED, f"{name}.csv", *arguments, cwd=folder, command=NNTRAIN[:1])
    assert result.code == 0, result.err
    assert 1 <= result.err.splitlines().count("opened") <= MAX_PYTHON_OPENS


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", ["fit", "predict"])
def test_the_system_opens_a_data_file_three_times(name: str, folder: Path) -> None:
    arguments = arguments_of(name, folder, "traced.csv")
    trace = ("strace", "-f", "-e", "trace=open,openat,openat2", "-o", "opens.txt")
    result = run(*arguments, cwd=folder, command=(*trace, *NNTRAIN))
    if "ptrace" in result.err:
        pytest.skip("this system does not let strace trace")
    assert result.code == 0, result.err
    opens = [line for line in (folder / "opens.txt").read_text(encoding="utf-8").splitlines() if "traced.csv" in line]
    assert 2 <= len(opens) <= MAX_OPENS
