"""Commands in processes of their own, with the signals, streams and limits of the system."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.paths import ROOT

IRIS = str(ROOT / "datasets" / "iris.csv")

# For a machine that many tests share.
PATIENCE = 180

NNTRAIN = (sys.executable, "-m", "nntrain")

# Twelve steps.
SHORT = ("fit", IRIS, "--target", "species", "--set", "train.epochs=3", "--set", "train.batch_size=32")

# Longer than any test, unless it is stopped.
ENDLESS = ("fit", IRIS, "--target", "species", "--set", "train.epochs=10000000", "--set", "train.patience=0")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """Python finds the tests, and one thread is enough."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NNTRAIN_THREADS": "1", **changes}


def begun(*arguments: str, cwd: Path, command: tuple[str, ...] = NNTRAIN, **streams: Any) -> subprocess.Popen[str]:
    """A process whose stdout and stderr are read, unless they are given."""
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), "encoding": "utf-8"}
    return subprocess.Popen([*command, *arguments], cwd=cwd, **{**piped, **streams})


def ended(process: subprocess.Popen[str]) -> Ended:
    """How a process ended, and what it printed since it was last read."""
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, out or "", err or "")


def run(*arguments: str, cwd: Path, command: tuple[str, ...] = NNTRAIN, **streams: Any) -> Ended:
    return ended(begun(*arguments, cwd=cwd, command=command, **streams))


def in_shell(redirection: str) -> tuple[str, ...]:
    """nntrain as the shell starts it, such as with ``>&-``."""
    return ("sh", "-c", f'exec "$@" {redirection}', "sh", *NNTRAIN)


def read_until(process: subprocess.Popen[str], beginning: str) -> None:
    """Read lines of stdout up to one that begins so."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return
    raise AssertionError(f"the process ended before it printed {beginning!r}")


def kill_once_exists(path: Path, *arguments: str) -> None:
    """Start nntrain in the working folder, with as many threads as in this process, and kill it once a file exists."""
    process = subprocess.Popen([*NNTRAIN, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert path.exists()
