"""A column of a table on disk."""

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

ColumnFunction = Callable[[RawColumn], RawColumn]


class StreamedColumn:
    """The values of a column of ``table``; ``functions`` are applied to each chunk."""

    def __init__(
        self, table: StreamedTable, name: str, kind: ValueKind, functions: tuple[ColumnFunction, ...] = ()
    ) -> None:
        self.table = table
        self.name = name
        self.kind = kind
        self.functions = functions

    @property
    def missing(self) -> Array:
        """Whether each value is missing: bool (n,)."""
        missing = np.empty(self.table.rows, bool)
        begin = 0
        for chunk in self.iterate_chunks():
            missing[begin : begin + len(chunk)] = chunk.missing
            begin += len(chunk)
        return missing

    def iterate_chunks(self) -> Iterator[RawColumn]:
        """Read the values in chunks, again on every call."""
        for chunk in self.table.iterate_chunks([self.name]):
            column = chunk.columns[self.name]
            for function in self.functions:
                column = function(column)
            yield column

    def map(self, kind: ValueKind, function: ColumnFunction) -> StreamedColumn:
        """Return the column of that kind with ``function`` applied to each chunk."""
        return StreamedColumn(self.table, self.name, kind, (*self.functions, function))

    def count_values(self) -> Counter[str | None] | None:
        """Return the count of each string, None being a missing value; None if there are too many distinct strings."""
        counts: Counter[str | None] = Counter()
        characters = 0
        for chunk in self.iterate_chunks():
            found = chunk.count_values()
            characters += sum(len(text) for text in found.keys() - counts.keys() if text is not None)
            counts.update(found)
            if len(counts) > MAX_VALUES or characters > MAX_CHARACTERS:
                return None
        return counts

    def count_distinct(self) -> int | None:
        """Return the number of distinct numbers; None if there are too many."""
        values = np.empty(0)
        for chunk in self.iterate_chunks():
            values = np.union1d(values, chunk.values[~chunk.missing])
            if len(values) > MAX_VALUES:
                return None
        return len(values)
