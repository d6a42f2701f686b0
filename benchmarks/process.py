"""Run a process and measure its time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

__all__ = ["Finished", "finished"]

# The unit of ``ru_maxrss`` in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

# Removed from the environment so that bytecode is cached, as in an installation.
REMOVED_VARIABLE = "PYTHONDONTWRITEBYTECODE"

# The other systems write no report; ``--report`` on a command line overrides it.
ADDED_VARIABLES = {"NNTRAIN_REPORT": "0"}


@dataclass(frozen=True)
class Finished:
    """Seconds, peak resident memory in bytes, and stdout."""

    seconds: float
    peak: int
    output: str


def finished(command: Sequence[str], folder: Path | None = None) -> Finished:
    """Run a command in a folder. CalledProcessError if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != REMOVED_VARIABLE} | ADDED_VARIABLES
    with TemporaryFile() as stdout:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        text = stdout.read().decode(errors="replace")
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, text)
    return Finished(seconds, usage.ru_maxrss * PEAK_UNIT, text)
