"""The table of an HDF5 file, copied to where DuckDB can read it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nntrain.compute.array import Array
from nntrain.data.readers.parquet_copy import ParquetCopy
from nntrain.data.readers.scan import Scan
from nntrain.data.stores.stored_table import StoredTable
from nntrain.data.stores.table_search import find_table
from nntrain.errors import DataError
from nntrain.hdf5.opening import ErrorFactory, open_hdf5_file, translate_errors
from nntrain.hdf5.texts import escape_bytes

__all__ = ["scan_table"]

# Values and bytes that are in memory at once.
BLOCK_CELLS, BLOCK_BYTES = 2**22, 2**26


def scan_table(path: Path, name: str | None = None) -> Scan:
    """The only table of an HDF5 file, or that of a name. DataError if there is none, or it cannot be read."""
    known = path.stat()
    return copy_once(path.resolve(), path, name, known.st_mtime_ns, known.st_size).scan(path, "HDF5")


@cache
def copy_once(resolved: Path, path: Path, name: str | None, time: int, size: int) -> ParquetCopy:
    """The copy, made once of a file as it is."""
    problem = build_error_factory(path)
    with open_hdf5_file(resolved, problem) as file, translate_errors(problem):
        table = find_table(file, problem, name)
        if table is None:
            raise problem(
                "holds no table: expected a DataFrame of pandas, rows with fields, or a dataset for each column"
            )
        try:
            return ParquetCopy.write(table.names, iterate_blocks(table), table.notes)
        except UnicodeDecodeError as error:
            raise problem(f"holds a text that is not UTF-8: {escape_bytes(error.object)}; write it as UTF-8") from None


def iterate_blocks(table: StoredTable) -> Iterator[list[Array]]:
    """All rows, some at a time."""
    length = max(min(BLOCK_CELLS // max(len(table.names), 1), BLOCK_BYTES // max(table.row_bytes, 1)), 1)
    for begin in range(0, table.rows, length):
        yield table.block(begin, min(begin + length, table.rows))


def build_error_factory(path: Path) -> ErrorFactory:
    """What makes the error of a file."""
    return lambda what: DataError(f"{path}: {what}")
