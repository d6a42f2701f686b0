"""A process from its start to its end: how long it took, and the most memory that it had."""

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

# What ``ru_maxrss`` counts in.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

# Compiled modules are kept, as an installer makes them: otherwise a checkout would be compiled at every start.
UNSAID = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Finished:
    """Seconds, the peak of the resident memory in bytes, and what was printed."""

    seconds: float
    peak: int
    told: str


def finished(command: Sequence[str], folder: Path | None = None) -> Finished:
    """Run a command, in a folder, to its end. CalledProcessError if it fails."""
    said = {name: value for name, value in os.environ.items() if name != UNSAID}
    with TemporaryFile() as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=said, stdout=told)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        text = told.read().decode(errors="replace")
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, text)
    return Finished(seconds, usage.ru_maxrss * PEAK_UNIT, text)
