"""A table on the disk whose rows can be read from any place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import ValueKind

__all__ = ["STEP_ROWS", "TypedTable"]

# Rows are read in multiples of this: the blocks in which a network is used on new rows are the same in any table.
STEP_ROWS = 1024


class TypedTable(Protocol):
    """Columns of known kinds. ``path`` is the file that the user named, for messages."""

    @property
    def path(self) -> str:
        """Where the rows came from."""

    @property
    def kinds(self) -> Mapping[str, ValueKind]:
        """What each column holds, in the order of the file."""

    @property
    def formats(self) -> Mapping[str, ColumnFormat]:
        """How the cells of each column are written; nothing for values that are stored as such."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading found, for the user."""

    @property
    def header(self) -> bool | None:
        """Whether the file has names of columns, where it might have none."""

    @property
    def rows(self) -> int:
        """How many there are."""

    def step_bytes(self, names: Sequence[str]) -> int:
        """The bytes of the texts of some columns in the STEP_ROWS rows that have the most, as far as they are known."""

    def block(self, names: Sequence[str], begin: int, end: int) -> DataTable:
        """Some columns of the rows from ``begin`` to before ``end``."""
