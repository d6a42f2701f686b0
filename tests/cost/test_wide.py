"""The number of calls to read a wide table grows linearly with its columns."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nntrain.cli.main import run_command
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.readers.scan import Scan

# Maximum ratio of calls for twice the columns; quadratic work would need four times.
MOST = 2.3

FEW, MANY = 150, 300


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one thread, because only calls of the main thread are counted."""
    monkeypatch.setenv("NNTRAIN_THREADS", "1")


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Records the number of expressions of each query."""
    found: list[int] = []
    selected = Scan._select

    def counted(scan: Scan, expressions: list[str]) -> Any:
        found.append(len(expressions))
        return selected(scan, expressions)

    monkeypatch.setattr(Scan, "_select", counted)
    return found


def wide(folder: Path, form: str, columns: int) -> Path:
    """Write a table of 40 rows with ``columns`` numeric columns and a target."""
    path = folder / f"wide{columns}.csv"
    rows = [",".join(str((7 * row * (place + 3)) % 101 / 8) for place in range(columns)) for row in range(40)]
    names = ",".join(f"g{place}" for place in range(columns))
    path.write_text("\n".join([f"{names},y", *(f"{row},{'ab'[i % 2]}" for i, row in enumerate(rows))]) + "\n")
    if form == "csv":
        return path
    duckdb.sql(f"COPY (SELECT * FROM '{path}') TO '{path.with_suffix('.parquet')}'")
    return path.with_suffix(".parquet")


def calls(work: Callable[[], object]) -> int:
    """Return the number of Python and C calls of some work."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def loaded(path: Path) -> None:
    """Load a table and restore its schema."""
    restore_preprocessor(load_data(DataOptions(str(path), target="y"), seed=1).preprocessor.state())


def command(name: str, path: Path) -> None:
    """Run a command on a table; ``predict`` uses the run of ``fit``."""
    run = str(path.with_suffix(".run"))
    arguments = {
        "fit": [str(path), "--target", "y", "--set", "train.epochs=2", "--out", run, "--force"],
        "check": [str(path), "--target", "y"],
        "predict": [run, str(path), "--out", str(path.with_suffix(".out.csv"))],
    }
    assert run_command([name, *arguments[name]]) == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_calls_grow_as_the_columns_do(tmp_path: Path, form: str) -> None:
    few, many = (wide(tmp_path, form, columns) for columns in (FEW, MANY))
    loaded(few)
    assert calls(lambda: loaded(many)) < MOST * calls(lambda: loaded(few))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_calls_of_the_commands_grow_as_the_columns_do(tmp_path: Path, form: str) -> None:
    few, many = (wide(tmp_path, form, columns) for columns in (FEW, MANY))
    for name in ("fit", "check", "predict"):
        command(name, few)
        assert calls(partial(command, name, many)) < MOST * calls(partial(command, name, few))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_check_reads_the_file_as_often_as_loading_it_does(tmp_path: Path, queries: list[int], form: str) -> None:
    path = wide(tmp_path, form, 4)
    loaded(path)
    once = len(queries)
    queries.clear()
    command("check", path)
    # The memory estimate of the rows is cached when they are loaded.
    assert 0 < len(queries) <= once


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_queries_do_not_grow_with_the_columns(tmp_path: Path, form: str, queries: list[int]) -> None:
    numbers = []
    for columns in (FEW, MANY):
        queries.clear()
        load_data(DataOptions(str(wide(tmp_path, form, columns)), target="y"), seed=1)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_one_aggregate_looks_at_all_columns_that_have_nothing_to_report(tmp_path: Path, queries: list[int]) -> None:
    loaded(wide(tmp_path, "parquet", FEW))
    # Memory is estimated from the number of rows and the lengths of strings.
    assert sorted(queries) == [1, 1, 1, FEW + 1]
