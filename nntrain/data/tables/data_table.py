"""Tables, in memory or streamed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Self, TypeAlias, TypeVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

ColumnT = TypeVar("ColumnT")


class TableStream(ABC):
    """The columns of a file, in its order; a table in memory is one chunk.

    ``path``: the file, for messages. ``formats``: the notation of the cells of each column; none for typed values.
    ``header``: whether the file has column names; None for formats that always have them. ``notes``: notes for the user
    about how the file was read.
    """

    path: str
    rows: int
    formats: Mapping[str, ColumnFormat]
    notes: tuple[str, ...]
    header: bool | None
    columns: Mapping[str, ValueStream]

    @abstractmethod
    def take(self, index: Array) -> Self:
        """Return the rows ``index``, ascending."""

    @abstractmethod
    def iterate_chunks(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[DataTable]:
        """Iterate over some columns in chunks, none empty; ``row_bytes``: the memory of an encoded row."""

    @abstractmethod
    def read_sample(self) -> DataTable:
        """Return the first rows, as many as fit in memory together."""

    def column(self, name: str) -> ValueStream:
        """Return a column. DataError with the nearest name for an unknown one."""
        return find_column(self.path, self.columns, name)


@dataclass(frozen=True)
class DataTable(TableStream):
    """Columns with one value per row."""

    path: str
    columns: dict[str, RawColumn]
    rows: int
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def take(self, index: Array) -> Self:
        # Converted once, as numpy would convert it for every column.
        rows = index.astype(np.intp, copy=False)
        columns = map_parallel(lambda column: column.take(rows), self.columns.values())
        return replace(self, columns=dict(zip(self.columns, columns, strict=True)), rows=len(index))

    def iterate_chunks(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[Self]:
        yield self

    def read_sample(self) -> Self:
        return self


def find_column(path: str, columns: Mapping[str, ColumnT], name: str) -> ColumnT:
    """Return a column. DataError with the nearest name for an unknown one."""
    if name not in columns:
        near = suggest_name(name, columns).removeprefix("; ")
        hint = f" ({near})" if near else ""
        raise DataError(f"{path}: no column {name!r}{hint}; the columns are: {format_names(columns)}")
    return columns[name]


# Reads a table: (path, options, only=columns).
ReadTable: TypeAlias = Callable[..., TableStream]


def find_missing_rows(table: TableStream, names: Collection[str]) -> Array:
    """Return which rows have a missing value in any of these columns: bool (n,). DataError for an unknown column."""
    return reduce(np.logical_or, (table.column(name).missing for name in names))
