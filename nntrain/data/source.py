"""How files are read: into memory, or from the disk piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.data.array_rows import ArrayRows
from nntrain.data.table_rows import ReadTable

__all__ = ["ReadArrays", "Source"]

# ``ArrayRows.read``, or what reads arrays that do not fit into memory.
ReadArrays: TypeAlias = Callable[..., Mapping[str, ArrayRows]]


@dataclass(frozen=True)
class Source:
    """A reader of tables and one of HDF5 files."""

    table: ReadTable
    arrays: ReadArrays
