"""Reads files that do not fit in memory."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from nntrain.data.dims import Dims
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.readers.hdf5.hdf5_splits import open_hdf5
from nntrain.data.streaming.disk_table import DiskTable
from nntrain.data.streaming.memory_budget import check_rows
from nntrain.data.streaming.memory_estimate import BYTES_PER_ROW, count_array_rows
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import TableFile

# The fraction of the memory limit that DuckDB may use; the rest is for Python and the rows.
DUCKDB_MEMORY_FRACTION = 0.25

# With less memory, DuckDB cannot read a file with hundreds of columns.
MIN_DUCKDB_MEMORY = 128 * 2**20


@dataclass(frozen=True)
class DiskReader(DataReader):
    """Keeps temporary files in ``folder``, and files open until ``open_files`` is closed."""

    folder: Path
    memory: int
    open_files: ExitStack

    def read_table(
        self, path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()
    ) -> StreamedTable:
        options = options or ReadOptions()
        if DataFile.open(path).format == "converted":
            return StreamedTable(self.open_files.enter_context(TableFile.open(path, options.formats)))
        database = self.folder / f"table{len(list(self.folder.iterdir()))}.db"
        memory = max(int(self.memory * DUCKDB_MEMORY_FRACTION), MIN_DUCKDB_MEMORY)
        table = DiskTable.create(path, database, memory, options, only=only)
        return StreamedTable(self.open_files.enter_context(table))

    def read_arrays(
        self, path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str] = ()
    ) -> Mapping[str, RawArrayDataset]:
        check_rows(path, count_array_rows(path), self.memory, BYTES_PER_ROW)
        return self.open_files.enter_context(open_hdf5(path, inputs, targets, dims, others))

    def check_row_count(self, path: Path | str, rows: int) -> None:
        check_rows(path, rows, self.memory)
