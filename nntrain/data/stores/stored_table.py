"""A table in an HDF5 file, of which blocks of rows are read."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.hdf5.error_factory import ErrorFactory

if TYPE_CHECKING:
    import h5py

__all__ = ["StoredTable", "build_index_notes", "check_width", "get_row_bytes", "is_boolean"]

# Columns of a table. A type of a few bytes may declare any number of them.
MAX_COLUMNS = 100_000


class StoredTable(ABC):
    """Columns of one length, of rows that take ``row_bytes`` in memory.

    ``notes``: sentences for the user about what is not read.
    """

    names: list[str]
    rows: int
    row_bytes: int
    notes: Sequence[str] = ()

    @abstractmethod
    def block(self, begin: int, end: int) -> list[Array]:
        """The values of each column in the rows from ``begin`` to before ``end``.

        Numbers and booleans in numpy's types, times as M8[us], texts as objects: str, or None where missing.
        """


def is_boolean(type_: h5py.h5t.TypeID) -> bool:
    """Whether a type is the field of 8 bits as which PyTables keeps booleans; h5py reads it as uint8."""
    import h5py

    return bool(type_.get_class() == h5py.h5t.BITFIELD)


def check_width(columns: int, dataset: h5py.Dataset, problem: ErrorFactory) -> None:
    """The error for more columns than a table may have."""
    if columns > MAX_COLUMNS:
        raise problem(f"{dataset.name}: has {columns:,} columns; expected at most {MAX_COLUMNS:,}")


def get_row_bytes(datasets: Iterable[h5py.Dataset]) -> int:
    """The bytes of a row of all datasets, references to texts by their own size."""
    return sum(dataset.dtype.itemsize * math.prod(dataset.shape[1:]) for dataset in datasets)


def build_index_notes(kind: str) -> tuple[str, ...]:
    """The note about an index of pandas without a name, unless it only counts the rows."""
    if kind == "integer":
        return ()
    return (f"the index of the DataFrame has no name and is not read ({kind}); name it to keep it as a column",)
