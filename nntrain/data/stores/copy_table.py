"""The table of an HDF5 file, copied to where DuckDB can read it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nntrain.data.array import Array
from nntrain.data.scan import Scan
from nntrain.data.stores.find_table import find_table
from nntrain.data.stores.stored_table import StoredTable
from nntrain.data.typed_copy import TypedCopy
from nntrain.errors import DataError
from nntrain.hdf5.opened import Problem, damaged, opened
from nntrain.hdf5.utf8 import escaped

__all__ = ["scan_table"]

# Values and bytes that are in memory at once.
CELLS, BYTES = 2**22, 2**26


def scan_table(path: Path, name: str | None = None) -> Scan:
    """The only table of an HDF5 file, or that of a name. DataError if there is none, or it cannot be read."""
    known = path.stat()
    return copied(path.resolve(), path, name, known.st_mtime_ns, known.st_size).scan(path, "HDF5")


@cache
def copied(resolved: Path, path: Path, name: str | None, time: int, size: int) -> TypedCopy:
    """The copy, made once of a file as it is."""
    problem = problem_of(path)
    with opened(resolved, problem) as file, damaged(problem):
        table = find_table(file, problem, name)
        if table is None:
            raise problem(
                "holds no table: expected a DataFrame of pandas, rows with fields, or a dataset for each column"
            )
        try:
            return TypedCopy.of(table.names, blocks(table), table.notes)
        except UnicodeDecodeError as error:
            raise problem(f"holds a text that is not UTF-8: {escaped(error.object)}; write it as UTF-8") from None


def blocks(table: StoredTable) -> Iterator[list[Array]]:
    """All rows, some at a time."""
    length = max(min(CELLS // max(len(table.names), 1), BYTES // max(table.row_bytes, 1)), 1)
    for begin in range(0, table.rows, length):
        yield table.block(begin, min(begin + length, table.rows))


def problem_of(path: Path) -> Problem:
    """What makes the error of a file."""
    return lambda what: DataError(f"{path}: {what}")
