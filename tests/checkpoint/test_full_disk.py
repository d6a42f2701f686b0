"""A disk that is full, which for a process is a limit as well, leaves the old checkpoint and no crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint

pytest.importorskip("resource", reason="limits the size of files")

# HDF5 2.0 ends a process whose file could not be written with a crash, also after the error was caught.
PROGRAM = """
import resource, sys
from pathlib import Path
import numpy as np
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import CheckpointError

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
try:
    write_checkpoint(Path("a.h5"), {"epoch": 2, "w": {str(i): np.arange(3000.0) for i in range(10)}})
except CheckpointError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("limit", [0, 100, 5_000, 25_000, 150_000, 244_000])
def test_a_file_that_cannot_grow(limit: int, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", {"epoch": 1})
    command = [sys.executable, "-c", PROGRAM, str(limit)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    reason = f"file too large; raise the limit of {limit:,} B (ulimit -f)"
    assert done.stderr == f"a.h5: cannot be written: {reason}; the old file is unchanged\n"
    assert done.returncode == 1
    assert read_checkpoint(tmp_path / "a.h5") == {"epoch": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.h5"]


ROWS = """
import resource
from pathlib import Path
import numpy as np
from nntrain.data.writers.row_writer import write_hdf5_file

resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY))
texts = np.array([f"text {i}" for i in range(3000)], object)
try:
    write_hdf5_file(Path("a.h5"), [{"x": np.arange(3000.0), "y": texts} for _ in range(9)])
except OSError as error:
    print(error)
"""


def test_rows_that_find_no_room(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ROWS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[Errno 27] File too large\n", "")
