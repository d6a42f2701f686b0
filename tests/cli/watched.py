"""A command in a process of its own, and the memory that it took."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["MEMORY", "Watched", "watched"]

# Bytes in use that a command over a small file stays below; Python with numpy, h5py and DuckDB has about 150 MB.
MEMORY = 600 * 2**20

# Addresses that the process may have: no mistake here fills the machine.
ADDRESSES = 8 * 2**30


@dataclass(frozen=True)
class Watched:
    code: int
    out: str
    err: str
    peak: int


def watched(folder: Path, *arguments: object) -> Watched:
    """Run a command in a folder, and tell how much memory it had in use at most."""
    if sys.platform != "linux":
        pytest.skip("only Linux counts memory in use in kilobytes, and limits addresses")
    command = [sys.executable, "-m", "nntrain", *map(str, arguments)]
    with open(folder / "out.txt", "w+") as out, open(folder / "err.txt", "w+") as err:
        child = subprocess.Popen(
            command,
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, "NNTRAIN_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES)),
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Watched(child.returncode, out.read(), err.read(), used.ru_maxrss * 1024)
