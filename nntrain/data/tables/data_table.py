"""Columns of one length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

__all__ = ["DataTable", "find_column"]

ColumnT = TypeVar("ColumnT")


@dataclass(frozen=True)
class DataTable:
    """The columns of a file, in its order. ``path`` is where they came from, for messages.

    ``formats``: how the cells of each column are written. ``header``: whether the file has names of columns, where it
    might have none. ``notes``: what reading found, for the user.
    """

    path: str
    columns: dict[str, RawColumn]
    rows: int
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def take(self, index: Array) -> DataTable:
        """The rows ``index`` of every column."""
        # Once in the type that numpy would give it for every column.
        places = index.astype(np.intp, copy=False)
        taken = map_parallel(lambda column: column.take(places), self.columns.values())
        return replace(self, columns=dict(zip(self.columns, taken, strict=True)), rows=len(index))

    def pieces(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[DataTable]:
        """Itself, the only piece."""
        yield self

    def sample(self) -> DataTable:
        """All of it."""
        return self

    def column(self, name: str) -> RawColumn:
        """One column. DataError names the nearest where there is none of that name."""
        return find_column(self.path, self.columns, name)


def find_column(path: str, columns: Mapping[str, ColumnT], name: str) -> ColumnT:
    """One of the columns. DataError names the nearest where there is none of that name."""
    if name not in columns:
        raise DataError(
            f"{path}: no column {name!r}{suggest_name(name, columns)}; the columns are: {format_names(columns)}"
        )
    return columns[name]
