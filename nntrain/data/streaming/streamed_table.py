"""Rows of a table on the disk, as far as fitting and encoding go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.streaming.row_blocks import iterate_row_blocks
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.table_stream import Result, TableStream

__all__ = ["STEP_ROWS", "StreamedTable", "TypedTable"]

# Rows are read in multiples of this: the blocks in which a network is used on new rows are the same in any table.
STEP_ROWS = 1024

# Values of a table that are in memory at once: with texts, which take the most, about 20 MB.
CHUNK_CELLS = 2**18

# Bytes of texts, or of encoded rows, that are in memory at once, unless STEP_ROWS rows have more.
CHUNK_BYTES = 2**25

# Values of the sample, which is looked at where no sum over pieces tells enough; and its bytes, with those that each
# text takes as an object of Python.
SAMPLE_CELLS = 2**21
SAMPLE_BYTES = 2**26
TEXT_OBJECT_BYTES = 64


class TypedTable(Protocol):
    """Columns of known kinds. ``path`` is the file that the user named, for messages."""

    @property
    def path(self) -> str:
        """Where the rows came from."""

    @property
    def kinds(self) -> Mapping[str, ValueKind]:
        """What each column holds, in the order of the file."""

    @property
    def formats(self) -> Mapping[str, ColumnFormat]:
        """How the cells of each column are written; nothing for values that are stored as such."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading found, for the user."""

    @property
    def header(self) -> bool | None:
        """Whether the file has names of columns, where it might have none."""

    @property
    def rows(self) -> int:
        """How many there are."""

    def step_bytes(self, names: Sequence[str]) -> int:
        """The bytes of the texts of some columns in the STEP_ROWS rows that have the most, as far as they are known."""

    def block(self, names: Sequence[str], begin: int, end: int) -> DataTable:
        """Some columns of the rows from ``begin`` to before ``end``."""


class StreamedTable(TableStream):
    """The rows ``index`` of a table on the disk, ascending; all of them if it is None."""

    def __init__(self, source: TypedTable, index: Array | None = None) -> None:
        self.source = source
        self.index = index
        self.path = source.path
        self.rows = source.rows if index is None else len(index)
        self.formats = source.formats
        self.notes = source.notes
        self.header = source.header
        self.columns = {name: StreamedColumn(self, name, kind) for name, kind in source.kinds.items()}

    def take(self, index: Array) -> StreamedTable:
        return StreamedTable(self.source, index if self.index is None else self.index[index])

    def iterate_chunks(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[DataTable]:
        fitting = min(CHUNK_CELLS // max(len(names), 1), CHUNK_BYTES // max(row_bytes, 1)) // STEP_ROWS
        length = max(min(fitting, CHUNK_BYTES // max(self.source.step_bytes(names), 1)), 1) * STEP_ROWS
        for begin, end, chosen in iterate_row_blocks(self.source.rows, length, self.index):
            block = self.source.block(names, begin, end)
            yield block if chosen is None else block.take(chosen)

    def replace_columns(self, columns: Mapping[str, object], formats: Mapping[str, object]) -> None:
        return None

    def map_columns(self, function: Callable[[str], Result]) -> list[Result]:
        # The columns take turns at the database of the table.
        return [function(name) for name in self.columns]

    def read_sample(self) -> DataTable:
        rows = min(self.rows, SAMPLE_CELLS // max(len(self.columns), 1) + 1)
        if texts := [name for name, column in self.columns.items() if column.kind == "text"]:
            row = self.source.step_bytes(texts) / STEP_ROWS + TEXT_OBJECT_BYTES * len(texts)
            rows = min(rows, max(int(SAMPLE_BYTES / row), STEP_ROWS))
        first = StreamedTable(self.source, np.arange(rows) if self.index is None else self.index[:rows])
        pieces = list(first.iterate_chunks(list(self.columns)))
        values = {name: np.concatenate([piece.columns[name].values for piece in pieces]) for name in self.columns}
        columns = {name: RawColumn(name, column.kind, values[name]) for name, column in self.columns.items()}
        return DataTable(self.path, columns, rows)
