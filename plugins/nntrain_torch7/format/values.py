"""What a .t7 file holds, in Python.

- nil is None, a boolean bool, a number float (also integral ones: only who uses it knows what is meant).
- A string is a str: UTF-8, with what is not UTF-8 kept by ``surrogateescape``.
- A table is a dict in the order of the file. Its keys are int (numbers without a fraction), float, str or bool; where
  Python would take true for 1 or false for 0, because both are keys of one table, the boolean is a BooleanKey. Another
  key, such as a table, is an ObjectKey. The same table at two places is the same dict; cycles occur, through keys too.
- A tensor is a writable ndarray, a strided view of the array of its storage: tensors share memory as they did in Torch.
  The empty tensor has the shape (0,). An expanded one (stride 0) may have far more elements than its storage: compare
  ``size`` with the size of its ``base`` before copying one from a file that is not trusted.
- Storages, objects and functions are the classes of this file. A tds.Hash, a tds.Vec or a tds.AtomicCounter is a
  TorchObject whose fields are a dict, a dict with the keys 1, 2, ... (its values may be None), or an int.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BooleanKey", "LuaFunction", "ObjectKey", "Storage", "Torch7Value", "TorchObject", "disambiguate_key"]

Torch7Value = Any
"""One of the above: a file tells which only when it is read."""


@dataclass(frozen=True)
class BooleanKey:
    """A boolean as the key of a table that has its number as another key."""

    value: bool


@dataclass(frozen=True, eq=False, repr=False)
class ObjectKey:
    """A table, a tensor, a storage, an object or a function as the key of a table: equal to itself only, as in Lua."""

    value: Torch7Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectKey) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)

    def __repr__(self) -> str:
        # Without the contents, which may contain this very key.
        return f"<{KIND_NAMES.get(type(self.value), 'object')}>"


@dataclass(eq=False)
class Storage:
    """A storage that stands on its own: the sizes of a View, the weights of a MultiCriterion."""

    array: NDArray[Any]
    """One axis; the memory of every tensor on this storage."""


@dataclass(eq=False)
class TorchObject:
    """An object of a class that is no tensor and no storage."""

    name: str
    """Such as ``nn.Linear``."""
    version: int = 1
    """0: a file from before classes had versions."""
    fields: Torch7Value = None
    """What the object wrote: a table of its fields, a dict, unless it wrote itself in its own way."""
    head: Torch7Value = None
    """What stands before the fields: of an nn.GPU the table of its type and its device, otherwise None."""


@dataclass(eq=False)
class LuaFunction:
    """A Lua function: opaque, and never run."""

    code: bytes
    upvalues: Torch7Value = None
    kind: int = 8
    """The type code it was written under: 6, 7 or 8."""


KIND_NAMES: dict[type, str] = {dict: "table", np.ndarray: "tensor", Storage: "storage", LuaFunction: "function"}


TableKey = float | str | bool | BooleanKey | ObjectKey


def disambiguate_key(table: dict[Any, Torch7Value], key: TableKey) -> TableKey:
    """A key that is to come into a table, or what stands for it if it is a boolean and the table has its number.

    If it is a number and the table has its boolean, that one is replaced, in its place.
    """
    if key in (0, 1) and key in table:
        other = next(known for known in table if known == key)
        if isinstance(key, bool) and not isinstance(other, bool):
            return BooleanKey(key)
        if isinstance(other, bool) and not isinstance(key, bool):
            entries = list(table.items())
            table.clear()
            table.update((BooleanKey(other) if known is other else known, value) for known, value in entries)
    return key
