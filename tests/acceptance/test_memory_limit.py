"""``--memory`` holds for small files of many rows: a process that may have no more data than that does its work.

The system limits the data of a process (RLIMIT_DATA): memory that it may write to, used or not. Libraries and the
stacks of their threads take some of it, as many bytes as the same command takes on a small file; that and ``--memory``
is the limit. The resident memory, that of the libraries included, stays below ``--memory`` itself.
"""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_DATA and /proc are those of Linux")

MEMORY = 300 * 10**6
FEW = 3000
ROWS = 300 * FEW
# The memory is that of reading and encoding; a small network takes the least time.
FIT = ("--target", "y", "--set", "train.epochs=1", "--set", "model.hidden=[8]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of few and of many rows, and a run."""
    path = tmp_path_factory.mktemp("memory")
    lines = [f"{row % 97 / 8},{'abc'[row % 3]},{('no', 'yes')[row % 5 % 2]}\n" for row in range(FEW)]
    few, many = ("".join(lines * times).encode() for times in (1, 50))
    (path / "few.csv.gz").write_bytes(gzip.compress(b"x,k,y\n" + few))
    (path / "many.csv.gz").write_bytes(gzip.compress(b"x,k,y\n") + gzip.compress(many) * (ROWS // FEW // 50))
    cells = "i % 97 / 8 AS x, substr('abc', (i % 3 + 1)::INT, 1) AS k, if(i % 5 % 2 = 1, 'yes', 'no') AS y"
    for name, rows in (("few.parquet", FEW), ("many.parquet", ROWS)):
        duckdb.execute(f"COPY (SELECT {cells} FROM range({rows}) t(i)) TO '{path / name}' (FORMAT parquet)")
    code, _, _, told = run(path, ["fit", "few.csv.gz", *FIT, "--out", "run"])
    assert code == 0, told
    return path


def run(folder: Path, arguments: Sequence[str], limit: int | None = None) -> tuple[int, int, int, str]:
    """The exit code of a command, the most data and the most resident memory that it had, and what it printed."""

    def bounded() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

    environment = {**os.environ, "NNTRAIN_CACHE": str(folder / "cache"), "NNTRAIN_THREADS": "2"}
    command = [sys.executable, "-m", "nntrain", *arguments]
    printed = folder / "printed"
    data = resident = 0
    with printed.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, preexec_fn=bounded
        )
        begun = time.monotonic()
        while process.poll() is None:
            data, resident = max(data, status(process.pid, "VmData")), max(resident, status(process.pid, "VmHWM"))
            time.sleep(0.01)
            if time.monotonic() - begun > 300:
                process.kill()
    return process.returncode, data, resident, printed.read_text(encoding="utf-8")


def status(process: int, name: str) -> int:
    """Bytes that the system counts for a process; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


@pytest.mark.parametrize("form", ["csv.gz", "parquet"])
@pytest.mark.parametrize("command", ["fit", "check", "evaluate", "predict"])
def test_a_small_file_of_many_rows_takes_no_more_memory_than_allowed(folder: Path, command: str, form: str) -> None:
    def arguments(size: str) -> list[str]:
        name, memory = f"{size}.{form}", ["--memory", "300MB"]
        if command == "fit":
            return ["fit", name, *FIT, "--out", f"run-{form}", "--force", *memory]
        if command == "check":
            return ["check", name, "--target", "y", *memory]
        if command == "evaluate":
            return ["evaluate", "run", name, *memory]
        return ["predict", "run", name, "--with", "k", "-o", "predictions.csv", *memory]

    assert (folder / f"many.{form}").stat().st_size < 500_000
    code, base, _, told = run(folder, arguments("few"))
    assert code == 0, told
    code, _, resident, told = run(folder, arguments("many"), base + MEMORY)
    assert code == 0, told
    assert resident <= MEMORY
    if command == "predict":
        with (folder / "predictions.csv").open(encoding="utf-8") as file:
            assert sum(1 for _ in file) == ROWS + 1
