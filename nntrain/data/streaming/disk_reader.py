"""Readers of files that do not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

from nntrain.data.dims import Dims
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.readers.hdf5.hdf5_splits import open_hdf5
from nntrain.data.streaming.disk_table import DiskTable
from nntrain.data.streaming.memory_budget import check_rows
from nntrain.data.streaming.memory_estimate import BYTES_PER_ROW, count_array_rows
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import TableFile

__all__ = ["create_disk_reader"]

# Of the memory of a run, what DuckDB may take: the rest is for Python, and for the rows that it is given.
DUCKDB_MEMORY_FRACTION = 0.25

# With less, it cannot read a file of hundreds of columns.
MIN_DUCKDB_MEMORY = 128 * 2**20


def create_disk_reader(folder: Path, memory: int, open_files: ExitStack) -> DataReader:
    """Readers that keep what they need in ``folder`` and open until ``open_files`` is closed."""

    def table(path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> StreamedTable:
        options = options or ReadOptions()
        if DataFile.open(path).format == "converted":
            return StreamedTable(open_files.enter_context(TableFile.open(path, options.formats)))
        database = folder / f"table{len(list(folder.iterdir()))}.db"
        made = DiskTable.create(
            path, database, max(int(memory * DUCKDB_MEMORY_FRACTION), MIN_DUCKDB_MEMORY), options, only=only
        )
        return StreamedTable(open_files.enter_context(made))

    def arrays(
        path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str] = ()
    ) -> dict[str, RawArrayDataset]:
        check_rows(path, count_array_rows(path), memory, BYTES_PER_ROW)
        opened = open_hdf5(path, inputs=inputs, targets=targets, others=others)
        return RawArrayDataset.from_parts(path, open_files.enter_context(opened), dims)

    return DataReader(table, arrays)
