"""A column of a table on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import MAX_CHARACTERS, MAX_VALUES

if TYPE_CHECKING:
    from nntrain.data.streaming.streamed_table import StreamedTable

__all__ = ["StreamedColumn"]

ColumnFunction = Callable[[RawColumn], RawColumn]


class StreamedColumn:
    """The values of a column of ``table``, each piece as ``functions`` make it."""

    def __init__(
        self, table: StreamedTable, name: str, kind: ValueKind, functions: tuple[ColumnFunction, ...] = ()
    ) -> None:
        self.table = table
        self.name = name
        self.kind = kind
        self.functions = functions

    @property
    def missing(self) -> Array:
        """Where there is no value: bool (n,)."""
        missing = np.empty(self.table.rows, bool)
        begin = 0
        for chunk in self.iterate_chunks():
            missing[begin : begin + len(chunk)] = chunk.missing
            begin += len(chunk)
        return missing

    def iterate_chunks(self) -> Iterator[RawColumn]:
        """The values, piece by piece, as often as they are asked for."""
        for piece in self.table.iterate_chunks([self.name]):
            column = piece.columns[self.name]
            for function in self.functions:
                column = function(column)
            yield column

    def map(self, kind: ValueKind, function: ColumnFunction) -> StreamedColumn:
        """The column of that kind that ``function`` makes of each piece."""
        return StreamedColumn(self.table, self.name, kind, (*self.functions, function))

    def to_text(self) -> StreamedColumn:
        """The same values by name."""
        return self if self.kind == "text" else self.map("text", RawColumn.to_text)

    def count_values(self) -> Counter[str | None] | None:
        """How often each text occurs, None being a missing one; None if there are too many to keep."""
        counted: Counter[str | None] = Counter()
        characters = 0
        for chunk in self.iterate_chunks():
            found = chunk.count_values()
            characters += sum(len(text) for text in found.keys() - counted.keys() if text is not None)
            counted.update(found)
            if len(counted) > MAX_VALUES or characters > MAX_CHARACTERS:
                return None
        return counted

    def count_distinct(self) -> int | None:
        """How many different numbers there are; None if there are too many to keep."""
        values = np.empty(0)
        for chunk in self.iterate_chunks():
            values = np.union1d(values, chunk.values[~chunk.missing])
            if len(values) > MAX_VALUES:
                return None
        return len(values)
