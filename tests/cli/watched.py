"""A command in a process of its own, and the memory that it took."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["MEMORY", "Watched", "watched"]

# Bytes in use that a command over a small file stays below; Python with numpy, h5py and DuckDB has about 150 MB.
MEMORY = 600 * 2**20

# Addresses that the process may have: no mistake here fills the machine.
ADDRESSES = 8 * 2**30


# A small process in between: the system counts for a child also what its parent had in use when it was forked.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""


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
    with (
        tempfile.NamedTemporaryFile("r") as peak,
        open(folder / "out.txt", "w+") as out,
        open(folder / "err.txt", "w+") as err,
    ):
        code = subprocess.run(
            [sys.executable, "-c", LAUNCHER, peak.name, sys.executable, "-m", "nntrain", *map(str, arguments)],
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, "NNTRAIN_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES)),
        ).returncode
        out.seek(0)
        err.seek(0)
        return Watched(code, out.read(), err.read(), int(peak.read()) * 1024)
