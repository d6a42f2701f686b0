"""The training rows of a table, whether they lie in memory or come in pieces."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from nntrain.compute.array import Array
from nntrain.data.tables.value_stream import ValueStream

if TYPE_CHECKING:
    from nntrain.data.tables.data_table import DataTable

__all__ = ["TableStream", "find_missing_rows"]


class TableStream(Protocol):
    """What a schema is fitted on."""

    @property
    def path(self) -> str:
        """Where the rows came from, for messages."""

    @property
    def columns(self) -> Mapping[str, ValueStream]:
        """The columns of the file, in its order."""

    def column(self, name: str) -> ValueStream:
        """One column. DataError names the nearest where there is none of that name."""

    def sample(self) -> DataTable:
        """As many of the rows, from the first on, as one can look at together."""


def find_missing_rows(table: TableStream, names: Collection[str]) -> Array:
    """Where one of these columns has no value: bool (n,). DataError for one that is not there."""
    first, *others = names
    # A copy, which is not that of the column.
    missing = table.column(first).missing.copy()
    for name in others:
        missing |= table.column(name).missing
    return missing
