"""A table in an HDF5 file, of which blocks of rows are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nntrain.data.array import Array

if TYPE_CHECKING:
    import h5py

__all__ = ["StoredTable", "is_boolean", "unnamed"]


class StoredTable(ABC):
    """Columns of one length. ``notes``: sentences for the user about what is not read."""

    names: list[str]
    rows: int
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


def unnamed(kind: str) -> tuple[str, ...]:
    """The note about an index of pandas without a name, unless it only counts the rows."""
    if kind == "integer":
        return ()
    return (f"the index of the DataFrame has no name and is not read ({kind}); name it to keep it as a column",)
