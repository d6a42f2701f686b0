"""Data larger than memory: a CSV file of a given size is made, one epoch is trained on it, and the peak memory told.

    python benchmarks/streaming.py [--size 3GB] [--memory 512MB] [--folder FOLDER] [--keep]

The file has 16 columns of numbers, four of categories (3, 8, 20 and 200 of them) and a class that follows from them.
``nntrain fit`` runs twice as a program of its own: first it reads the CSV, then it finds the encoded rows in its cache.
The peak is the largest resident memory of that program, as the system counts it. Everything is deleted in the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from nntrain.data.memory_size import parse_memory_size

# The file is this many bytes a row, about: some rows are made to know it exactly.
TRIED_ROWS = 10_000

NUMBERS = 16
CATEGORIES = (3, 8, 20, 200)


def main() -> None:
    """Make the file, train, tell, tidy up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="3GB", help="of the CSV file")
    parser.add_argument("--memory", default="512MB", help="given to nntrain fit")
    parser.add_argument("--folder", type=Path, help="where everything is made; one for temporary files unless given")
    parser.add_argument("--keep", action="store_true", help="leave everything there")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="streaming-", dir=options.folder))
    try:
        data = folder / "rows.csv"
        rows = make(data, parse_memory_size(options.size))
        print(f"{data.stat().st_size / 1e9:.2f} GB of CSV, {rows:,} rows, {NUMBERS + len(CATEGORIES)} inputs")
        for name in ("from the CSV", "from the cache"):
            peak, seconds, told = fit(data, options.memory, folder / f"run {name}")
            print(f"{name}: peak {peak / 1e6:.0f} MB, {seconds:.0f} s; {told}")
        cached = sum(path.stat().st_size for path in (folder / "cache").iterdir())
        print(f"{cached / 1e9:.2f} GB of encoded rows in the cache")
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def make(path: Path, size: int) -> int:
    """Write about ``size`` bytes; returns the number of rows."""
    write(path, TRIED_ROWS)
    rows = size * TRIED_ROWS // path.stat().st_size
    write(path, rows)
    return rows


def write(path: Path, rows: int) -> None:
    """Numbers that follow from the row's own by a hash; the class is the sign of a sum, with noise."""
    uniform = "hash(i * 64 + {}) / 18446744073709551616.0"
    numbers = [f"round({uniform.format(k)} * 100 - 50, 4) AS x{k}" for k in range(NUMBERS)]
    categories = [f"'c' || hash(i * 64 + {32 + k}) % {count} AS k{k}" for k, count in enumerate(CATEGORIES)]
    score = "x0 - x1 + x2 * x3 / 25 + 20 * (k1 = 'c3')::INT - 10 * (k3 < 'c5')::INT"
    noise = f"20 * ({uniform.format(60)} - 0.5)"
    inner = f"SELECT i, {', '.join(numbers + categories)} FROM range({rows}) AS made(i)"
    query = f"SELECT * EXCLUDE i, CASE WHEN {score} + {noise} > 0 THEN 'yes' ELSE 'no' END AS y FROM ({inner})"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (HEADER)")


def fit(data: Path, memory: str, out: Path) -> tuple[int, float, str]:
    """One epoch: the peak memory in bytes, the seconds, and the line of its scores."""
    command = [sys.executable, "-m", "nntrain", "fit", str(data), "--target", "y", "--memory", memory]
    command += ["--set", "train.epochs=1", "--set", f"data.cache={data.parent / 'cache'}", "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [line.strip() for line in process.stdout if line.startswith("epoch")]
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"nntrain fit failed: {' '.join(command)}")
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), time.perf_counter() - start, told[-1]


if __name__ == "__main__":
    main()
