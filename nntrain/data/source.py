"""How files are read: into memory, or from the disk piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.data.array_rows import ArrayRows
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table

__all__ = ["ReadArrays", "ReadTable", "Source"]

# ``read_table``, or what reads a table that does not fit into memory.
ReadTable: TypeAlias = Callable[..., Table | StreamedTable]

# ``ArrayRows.read``, or what reads arrays that do not fit into memory.
ReadArrays: TypeAlias = Callable[..., Mapping[str, ArrayRows]]


@dataclass(frozen=True)
class Source:
    """A reader of tables and one of HDF5 files."""

    table: ReadTable
    arrays: ReadArrays
