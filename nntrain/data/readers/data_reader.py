"""How files are read: into memory, or from the disk piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.tables.data_table import DataTable

__all__ = ["DataReader", "ReadArrays", "ReadTable"]

# ``read_table``, or what reads a table that does not fit into memory.
ReadTable: TypeAlias = Callable[..., DataTable | StreamedTable]

# ``RawArrayDataset.read``, or what reads arrays that do not fit into memory.
ReadArrays: TypeAlias = Callable[..., Mapping[str, RawArrayDataset]]


@dataclass(frozen=True)
class DataReader:
    """A reader of tables and one of HDF5 files."""

    read_table: ReadTable
    read_arrays: ReadArrays
