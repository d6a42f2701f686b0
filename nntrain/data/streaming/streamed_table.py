"""Rows of a table on the disk, as far as fitting and encoding go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn
from nntrain.data.streaming.pieces import cut_into_pieces
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.streaming.typed_table import TypedTable
from nntrain.data.table import Table, column_of

__all__ = ["StreamedTable"]

# Values of a table that are in memory at once: with texts, which take the most, about 20 MB.
CELLS = 2**18

# Rows are read in multiples of this: the blocks in which a network is used on new rows are the same in any table.
STEP = 1024

# Values of the sample, which is looked at where no sum over pieces tells enough.
SAMPLED_CELLS = 2**21


class StreamedTable:
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

    def column(self, name: str) -> StreamedColumn:
        """One column. DataError names the nearest where there is none of that name."""
        return column_of(self.path, self.columns, name)

    def take(self, index: Array) -> StreamedTable:
        """The rows ``index``, ascending, of these."""
        return StreamedTable(self.source, index if self.index is None else self.index[index])

    def pieces(self, names: Sequence[str]) -> Iterator[Table]:
        """Some columns of all rows, piece by piece; no piece is empty."""
        length = max(CELLS // max(len(names), 1) // STEP, 1) * STEP
        for begin, end, chosen in cut_into_pieces(self.source.rows, length, self.index):
            block = self.source.block(names, begin, end)
            yield block if chosen is None else block.take(chosen)

    def sample(self) -> Table:
        """The first rows, in memory."""
        rows = min(self.rows, SAMPLED_CELLS // max(len(self.columns), 1) + 1)
        first = StreamedTable(self.source, np.arange(rows) if self.index is None else self.index[:rows])
        pieces = list(first.pieces(list(self.columns)))
        values = {name: np.concatenate([piece.columns[name].values for piece in pieces]) for name in self.columns}
        columns = {name: RawColumn(name, column.kind, values[name]) for name, column in self.columns.items()}
        return Table(self.path, columns, rows)
