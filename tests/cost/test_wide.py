"""What reading a wide table costs grows as its columns do: calls are counted, and no clock is read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nntrain.data.data_options import DataOptions
from nntrain.data.load import load
from nntrain.data.restored import restored_schema
from nntrain.data.scan import Scan

# Twice the columns may take this many times the calls; work that goes with the square takes four times.
MOST = 2.3

FEW, MANY = 150, 300


def wide(folder: Path, form: str, columns: int) -> Path:
    """A table of 40 rows with so many columns of numbers, then the target."""
    path = folder / f"wide{columns}.csv"
    rows = [",".join(str((7 * row * (place + 3)) % 101 / 8) for place in range(columns)) for row in range(40)]
    names = ",".join(f"g{place}" for place in range(columns))
    path.write_text("\n".join([f"{names},y", *(f"{row},{'ab'[i % 2]}" for i, row in enumerate(rows))]) + "\n")
    if form == "csv":
        return path
    duckdb.sql(f"COPY (SELECT * FROM '{path}') TO '{path.with_suffix('.parquet')}'")
    return path.with_suffix(".parquet")


def calls(path: Path) -> int:
    """Calls of Python and of C to load a table and to restore its schema."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        restored_schema(load(DataOptions(str(path), target="y"), seed=1).schema.state())
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_calls_grow_as_the_columns_do(tmp_path: Path, form: str) -> None:
    few, many = (wide(tmp_path, form, columns) for columns in (FEW, MANY))
    calls(few)
    assert calls(many) < MOST * calls(few)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_queries_do_not_grow_with_the_columns(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[int] = []
    selected = Scan._selected

    def counted(scan: Scan, expressions: list[str]) -> Any:
        queries.append(len(expressions))
        return selected(scan, expressions)

    monkeypatch.setattr(Scan, "_selected", counted)
    numbers = []
    for columns in (FEW, MANY):
        queries.clear()
        load(DataOptions(str(wide(tmp_path, form, columns)), target="y"), seed=1)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
