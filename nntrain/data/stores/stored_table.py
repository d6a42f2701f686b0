"""A table in an HDF5 file, read in blocks of rows."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.hdf5.error_factory import ErrorFactory

if TYPE_CHECKING:
    import h5py

# Maximum number of columns. A type of a few bytes may declare any number.
MAX_COLUMNS = 100_000


class StoredTable(ABC):
    """Columns of one length. A row takes ``row_bytes`` in memory. ``notes``: for the user, about parts not read."""

    names: list[str]
    rows: int
    row_bytes: int
    notes: Sequence[str] = ()

    @abstractmethod
    def block(self, begin: int, end: int) -> list[Array]:
        """Read the values of each column in the rows ``begin:end``.

        Numbers and booleans have NumPy types, times M8[us], strings are objects: str, or None if missing.
        """


def get_pandas_type(type_: h5py.h5t.TypeID) -> str:
    """Return ``bool`` for the bitfield in which PyTables stores booleans, which h5py reads as uint8; else nothing."""
    import h5py

    return "bool" if type_.get_class() == h5py.h5t.BITFIELD else ""


def check_width(columns: int, dataset: h5py.Dataset, problem: ErrorFactory) -> None:
    """Raise the error for too many columns."""
    if columns > MAX_COLUMNS:
        raise problem(f"{dataset.name}: has {columns:,} columns; expected at most {MAX_COLUMNS:,}")


def get_row_bytes(datasets: Iterable[h5py.Dataset]) -> int:
    """Return the size of a row of all datasets, with references instead of strings."""
    return sum(dataset.dtype.itemsize * math.prod(dataset.shape[1:]) for dataset in datasets)


def build_index_notes(kind: str) -> tuple[str, ...]:
    """Build the note about a pandas index without a name, unless it is the row number."""
    if kind == "integer":
        return ()
    return (f"the index of the DataFrame has no name and is not read ({kind}); name it to keep it as a column",)
