"""Data larger than memory: write a CSV file of a given size, train one epoch on it, and print the peak memory.

    python benchmarks/streaming.py [--size 3GB] [--memory 512MB] [--folder FOLDER] [--keep]

The file has 16 numeric columns, four categorical ones (3, 8, 20 and 200 categories) and a class that depends on them.
``nntrain fit`` runs twice as a separate process: first it reads the CSV, then it uses the encoded rows in its cache.
The peak is the maximum resident memory of the process. All files are deleted at the end.
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

# Rows to estimate the bytes per row.
TRIED_ROWS = 10_000

NUMBERS = 16
CATEGORIES = (3, 8, 20, 200)


def main() -> None:
    """Write the file, train, print the results, and clean up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="3GB", help="size of the CSV file")
    parser.add_argument("--memory", default="512MB", help="memory limit of nntrain fit")
    parser.add_argument("--folder", type=Path, help="working folder; default: a temporary folder")
    parser.add_argument("--keep", action="store_true", help="keep all files")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="streaming-", dir=options.folder))
    try:
        data = folder / "rows.csv"
        rows = make(data, parse_memory_size(options.size))
        print(f"{data.stat().st_size / 1e9:.2f} GB of CSV, {rows:,} rows, {NUMBERS + len(CATEGORIES)} inputs")
        for name in ("from the CSV", "from the cache"):
            peak, seconds, scores = fit(data, options.memory, folder / f"run {name}")
            print(f"{name}: peak {peak / 1e6:.0f} MB, {seconds:.0f} s; {scores}")
        cached = sum(path.stat().st_size for path in (folder / "cache").iterdir())
        print(f"{cached / 1e9:.2f} GB of encoded rows in the cache")
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def make(path: Path, size: int) -> int:
    """Write about ``size`` bytes and return the number of rows."""
    write(path, TRIED_ROWS)
    rows = size * TRIED_ROWS // path.stat().st_size
    write(path, rows)
    return rows


def write(path: Path, rows: int) -> None:
    """Generate values from hashes of the row number; the class is the sign of a noisy sum."""
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
    """Train one epoch; return peak memory in bytes, seconds, and the line of scores."""
    command = [sys.executable, "-m", "nntrain", "fit", str(data), "--target", "y", "--memory", memory]
    command += ["--set", "train.epochs=1", "--set", f"data.cache={data.parent / 'cache'}", "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [line.strip() for line in process.stdout if line.startswith("epoch")]
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"nntrain fit failed: {' '.join(command)}")
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), time.perf_counter() - start, lines[-1]


if __name__ == "__main__":
    main()
