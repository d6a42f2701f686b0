"""Readers of files that do not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

from nntrain.data.array_rows import ArrayRows
from nntrain.data.dims import Dims
from nntrain.data.hdf5_source import open_hdf5
from nntrain.data.read_options import ReadOptions
from nntrain.data.source import Source
from nntrain.data.streaming.disk_table import DiskTable
from nntrain.data.streaming.memory import check_rows
from nntrain.data.streaming.needed import ROW, rows_of_arrays
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import TableFile, is_table_file

__all__ = ["disk_source"]

# Of the memory of a run, what DuckDB may take: the rest is for Python, and for the rows that it is given.
SHARE = 0.25

# With less, it cannot read a file of hundreds of columns.
LEAST = 128 * 2**20


def disk_source(folder: Path, memory: int, open_files: ExitStack) -> Source:
    """Readers that keep what they need in ``folder`` and open until ``open_files`` is closed."""

    def table(path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> StreamedTable:
        options = options or ReadOptions()
        if is_table_file(path):
            return StreamedTable(open_files.enter_context(TableFile.opened(path, options.formats)))
        database = folder / f"table{len(list(folder.iterdir()))}.db"
        made = DiskTable.made(path, database, max(int(memory * SHARE), LEAST), options, only=only)
        return StreamedTable(open_files.enter_context(made))

    def arrays(
        path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str] = ()
    ) -> dict[str, ArrayRows]:
        check_rows(path, rows_of_arrays(path), memory, ROW)
        opened = open_hdf5(path, inputs=inputs, targets=targets, others=others)
        return ArrayRows.of(path, open_files.enter_context(opened), dims)

    return Source(table, arrays)
