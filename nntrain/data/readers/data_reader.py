"""How files are read: into memory, or from disk in chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.tables.table_stream import TableStream

__all__ = ["DataReader", "ReadArrays", "ReadTable"]

# ``read_table``, or what reads a table that does not fit into memory.
ReadTable: TypeAlias = Callable[..., TableStream]

# ``RawArrayDataset.read``, or a function that streams arrays from disk.
ReadArrays: TypeAlias = Callable[..., Mapping[str, RawArrayDataset]]


@dataclass(frozen=True)
class DataReader:
    """A function that reads tables, and one that reads the arrays of HDF5 files."""

    read_table: ReadTable
    read_arrays: ReadArrays
