"""Columns of one length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from nntrain.compute.threads import map_parallel
from nntrain.data.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.raw_column import RawColumn
from nntrain.errors import DataError, nearest
from nntrain.shortened import listed

__all__ = ["Table", "column_of"]

ColumnT = TypeVar("ColumnT")


@dataclass(frozen=True)
class Table:
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

    def take(self, index: Array) -> Table:
        """The rows ``index`` of every column."""
        # Once in the type that numpy would give it for every column.
        places = index.astype(np.intp, copy=False)
        taken = map_parallel(lambda column: column.take(places), self.columns.values())
        return replace(self, columns=dict(zip(self.columns, taken, strict=True)), rows=len(index))

    def pieces(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[Table]:
        """Itself, the only piece."""
        yield self

    def sample(self) -> Table:
        """All of it."""
        return self

    def column(self, name: str) -> RawColumn:
        """One column. DataError names the nearest where there is none of that name."""
        return column_of(self.path, self.columns, name)


def column_of(path: str, columns: Mapping[str, ColumnT], name: str) -> ColumnT:
    """One of the columns. DataError names the nearest where there is none of that name."""
    if name not in columns:
        raise DataError(f"{path}: no column {name!r}{nearest(name, columns)}; the columns are: {listed(columns)}")
    return columns[name]
