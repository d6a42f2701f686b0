"""Copy the table of an HDF5 file to Parquet, which DuckDB reads."""

from __future__ import annotations

from collections.abc import Iterator

from nntrain.compute.array import Array
from nntrain.data.error_location import build_error_factory
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.parquet_copy import ParquetCopy
from nntrain.data.readers.scan import Scan
from nntrain.data.stores.stored_table import StoredTable
from nntrain.data.stores.table_search import find_table
from nntrain.hdf5.error_factory import translate_errors
from nntrain.hdf5.opening import open_hdf5_file
from nntrain.hdf5.texts import escape_bytes

# Maximum number of values and bytes in memory at once.
BLOCK_CELLS, BLOCK_BYTES = 2**22, 2**26


def scan_table(file: DataFile, name: str | None = None) -> Scan:
    """Scan the only table of an HDF5 file, or the one named ``name``. DataError if there is none, or it is corrupt."""
    return file.once(copy_table, name).scan(file.path, "HDF5")


def copy_table(source: DataFile, name: str | None) -> ParquetCopy:
    """Write the table as Parquet."""
    problem = build_error_factory(source.path)
    with open_hdf5_file(source.path, problem) as file, translate_errors(problem):
        table = find_table(file, problem, name)
        if table is None:
            raise problem("has no table: expected a pandas DataFrame, rows with fields, or a dataset for each column")
        try:
            return ParquetCopy.write(table.names, iterate_blocks(table), table.notes)
        except UnicodeDecodeError as error:
            raise problem(f"has a string that is not UTF-8: {escape_bytes(error.object)}; write it as UTF-8") from None


def iterate_blocks(table: StoredTable) -> Iterator[list[Array]]:
    """Yield all rows in blocks."""
    length = max(min(BLOCK_CELLS // max(len(table.names), 1), BLOCK_BYTES // max(table.row_bytes, 1)), 1)
    for begin in range(0, table.rows, length):
        yield table.block(begin, min(begin + length, table.rows))
