"""Tables with thousands of columns: reading and fitting with nntrain against reading with pandas."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.comparison import Case, Comparison, Row, Settings, SkippedError
from benchmarks.pairing import Turn, Work, alternate
from benchmarks.process import finished
from benchmarks.step_bytes import component_table, read_profile
from nntrain.data.readers.table_reader import read_table

__all__ = ["COMPARISON"]

READ = "nntrain, read"
PANDAS = "pandas, read"
LOAD = "nntrain, read and encode"
FIT = "nntrain fit, 2 epochs"

ROWS = 500

# Measurements of seconds need few rounds.
ROUNDS = 3


def cases(settings: Settings) -> Sequence[Case]:
    """Return tables with increasing numbers of columns."""
    widths = (500, 1000) if settings.quick else (5000, 10_000, 20_000)
    return [Case(f"{ROWS} × {width:,}") for width in widths]


def measure(case: Case, settings: Settings) -> Row:
    """Measure all on the same file in turns; the complete command runs in a separate process."""
    if find_spec("pandas") is None:
        raise SkippedError("pandas is not installed")
    import pandas

    from benchmarks.reading import ours

    path = written(settings, int(case.name.split()[2].replace(",", "")))
    agree(path)
    options = ["--target", "y", "--set", "train.epochs=2", "--out", str(settings.out / "wide-run"), "--force"]
    command = [sys.executable, "-m", "nntrain", "fit", str(path), *options]
    works = {
        READ: once(lambda: read_table(path)),
        PANDAS: once(lambda: pandas.read_csv(path)),
        LOAD: once(lambda: ours(path, "y")),
        FIT: lambda: finished(command).seconds,
    }
    taken = alternate(works, ROUNDS)
    finished([*command, "--profile"])
    return Row.of(case, taken, base=READ, traffic=read_profile(settings.out / "wide-run" / "profile.json"))


def once(work: Work) -> Turn:
    """Return the time of one call."""

    def taken() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return taken


def agree(path: Path) -> None:
    """Raise SkippedError unless both read the same numbers."""
    import pandas

    table, frame = read_table(path), pandas.read_csv(path)
    if list(table.columns) != list(frame.columns) or any(
        not np.array_equal(column.values, frame[name].to_numpy()) for name, column in table.columns.items()
    ):
        raise SkippedError("pandas reads different values")


def written(settings: Settings, width: int) -> Path:
    """Write a file of ``width`` random columns and a class that depends on two of them, unless it exists."""
    path = settings.out / f"wide-{width}.csv"
    if not path.is_file():
        numbers = np.random.default_rng(width).normal(size=(ROWS, width)).round(4)
        temporary = path.with_suffix(".tmp")
        with open(temporary, "w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow([*(f"x{number}" for number in range(width)), "y"])
            lines.writerows([*row, "more" if row[0] > row[1] else "less"] for row in numbers.tolist())
        os.replace(temporary, path)
    return path


COMPARISON = Comparison(
    "Wide tables",
    f"A CSV file of {ROWS} rows and thousands of columns of numbers, with a class as target: read by nntrain, which "
    "checks the format of every column, and by pandas.read_csv; read, split and encoded; and the complete command "
    "`nntrain fit` with two epochs, in a separate process. The goal is linear growth with the number of columns. "
    "The bytes are those of a step of `nntrain fit`, as in its profile.",
    "s",
    cases,
    measure,
    READ,
    component_table,
)
