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

__all__ = ["BooleanKey", "Function", "ObjectKey", "Storage", "TorchObject", "Value"]

Value = Any
"""One of the above: a file tells which only when it is read."""


@dataclass(frozen=True)
class BooleanKey:
    """A boolean as the key of a table that has its number as another key."""

    value: bool


@dataclass(frozen=True, eq=False, repr=False)
class ObjectKey:
    """A table, a tensor, a storage, an object or a function as the key of a table: equal to itself only, as in Lua."""

    value: Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectKey) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)

    def __repr__(self) -> str:
        # Without the contents, which may contain this very key.
        return f"<{KINDS.get(type(self.value), 'object')}>"


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
    fields: Value = None
    """What the object wrote: a table of its fields, a dict, unless it wrote itself in its own way."""
    head: Value = None
    """What stands before the fields: of an nn.GPU the table of its type and its device, otherwise None."""


@dataclass(eq=False)
class Function:
    """A Lua function: opaque, and never run."""

    code: bytes
    upvalues: Value = None
    kind: int = 8
    """The type code it was written under: 6, 7 or 8."""


KINDS: dict[type, str] = {dict: "table", np.ndarray: "tensor", Storage: "storage", Function: "function"}
