"""Columns of one length."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn
from nntrain.errors import DataError, nearest

__all__ = ["Table"]


@dataclass(frozen=True)
class Table:
    """The columns of a file, in its order. ``path`` is where they came from, for messages."""

    path: str
    columns: dict[str, RawColumn]
    rows: int

    def take(self, index: Array) -> Table:
        """The rows ``index`` of every column."""
        return Table(self.path, {name: column.take(index) for name, column in self.columns.items()}, len(index))

    def column(self, name: str) -> RawColumn:
        """One column. DataError names the nearest where there is none of that name."""
        if name not in self.columns:
            known = ", ".join(self.columns)
            raise DataError(f"{self.path}: no column {name!r}{nearest(name, self.columns)}; the columns are: {known}")
        return self.columns[name]
