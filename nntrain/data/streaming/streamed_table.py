"""Rows of a table on disk, for fitting and encoding, and its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.streaming.row_blocks import iterate_row_blocks
from nntrain.data.tables.data_table import DataTable, TableStream
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream

if TYPE_CHECKING:
    from nntrain.data.streaming.disk_table import DiskTable
    from nntrain.data.streaming.table_file import TableFile

# Chunks have multiples of this number of rows, so the blocks in which a network is applied to new rows are the same.
STEP_ROWS = 1024

# Maximum number of values of a chunk: about 20 MB of strings, which take the most memory.
CHUNK_CELLS = 2**18

# Maximum bytes of strings, or of encoded rows, of a chunk, unless STEP_ROWS rows have more.
CHUNK_BYTES = 2**25

# Maximum number of values and bytes of the sample, for statistics that cannot be summed over chunks; and the bytes of a
# string object in addition to its characters.
SAMPLE_CELLS = 2**21
SAMPLE_BYTES = 2**26
TEXT_OBJECT_BYTES = 64


@dataclass(frozen=True)
class StreamedColumn(ValueStream):
    """The values of a column of ``table``, read again on every iteration; ``functions`` are applied to each chunk."""

    table: StreamedTable
    name: str
    kind: ValueKind
    functions: tuple[Callable[[RawColumn], RawColumn], ...] = ()

    def iterate_chunks(self) -> Iterator[RawColumn]:
        for chunk in self.table.iterate_chunks([self.name]):
            column = chunk.columns[self.name]
            for function in self.functions:
                column = function(column)
            yield column

    def map(self, kind: ValueKind, function: Callable[[RawColumn], RawColumn]) -> StreamedColumn:
        return replace(self, kind=kind, functions=(*self.functions, function))


class StreamedTable(TableStream):
    """The rows ``index`` of a table on disk, ascending; None: all rows."""

    def __init__(self, source: DiskTable | TableFile, index: Array | None = None) -> None:
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

    def read_sample(self) -> DataTable:
        rows = min(self.rows, SAMPLE_CELLS // max(len(self.columns), 1) + 1)
        if texts := [name for name, column in self.columns.items() if column.kind == "text"]:
            row = self.source.step_bytes(texts) / STEP_ROWS + TEXT_OBJECT_BYTES * len(texts)
            rows = min(rows, max(int(SAMPLE_BYTES / row), STEP_ROWS))
        first = StreamedTable(self.source, np.arange(rows) if self.index is None else self.index[:rows])
        chunks = list(first.iterate_chunks(list(self.columns)))
        values = {name: np.concatenate([chunk.columns[name].values for chunk in chunks]) for name in self.columns}
        columns = {name: RawColumn(name, column.kind, values[name]) for name, column in self.columns.items()}
        return DataTable(self.path, columns, rows)
