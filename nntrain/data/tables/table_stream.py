"""The base of tables, in memory or in a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from nntrain.compute.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

if TYPE_CHECKING:
    from nntrain.data.tables.data_table import DataTable

__all__ = ["ReadTable", "TableStream", "find_column", "find_missing_rows"]

Result = TypeVar("Result")
ColumnT = TypeVar("ColumnT")


class TableStream(ABC):
    """The columns of a file, in its order: in memory one chunk, else several.

    ``path``: where they came from, for messages. ``formats``: the notation of the cells of each column; none for values
    that are stored as such. ``header``: whether the file has column names, where it might have none. ``notes``: what
    the user should know about how the file was read.
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
        """Iterate over some columns of all rows in chunks; a row becomes ``row_bytes``. No chunk is empty."""

    @abstractmethod
    def read_sample(self) -> DataTable:
        """Return the first rows, as many as fit in memory together."""

    @abstractmethod
    def replace_columns(self, columns: Mapping[str, ValueStream], formats: Mapping[str, ColumnFormat]) -> Self | None:
        """Return the table with other values in some columns; None if all of it must be read again for that."""

    @abstractmethod
    def map_columns(self, function: Callable[[str], Result]) -> list[Result]:
        """Apply a function to the names of all columns, in parallel where the columns can be read so."""

    def column(self, name: str) -> ValueStream:
        """Return one column. DataError names the nearest where there is none of that name."""
        return find_column(self.path, self.columns, name)


def find_column(path: str, columns: Mapping[str, ColumnT], name: str) -> ColumnT:
    """Return one of the columns. DataError names the nearest where there is none of that name."""
    if name not in columns:
        raise DataError(
            f"{path}: no column {name!r}{suggest_name(name, columns)}; the columns are: {format_names(columns)}"
        )
    return columns[name]


# Reads a table: (path, options, only=columns).
ReadTable: TypeAlias = Callable[..., TableStream]


def find_missing_rows(table: TableStream, names: Collection[str]) -> Array:
    """Return which rows have no value in one of these columns: bool (n,). DataError for an unknown column."""
    first, *others = names
    # A copy, which is not that of the column.
    missing = table.column(first).missing.copy()
    for name in others:
        missing |= table.column(name).missing
    return missing
