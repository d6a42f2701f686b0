"""The values of a .t7 file in Python.

- nil is None, a boolean is a bool, a number is a float (even if integral, as the file does not distinguish integers).
- A string is a str, decoded as UTF-8 with ``surrogateescape``.
- A table is a dict in the order of the file. Its keys are int (numbers without a fraction), float, str or bool; if both
  a boolean and its number are keys of one table, which are equal in Python, the boolean is a BooleanKey. Any other key,
  such as a table, is an ObjectKey. A repeated table is the same dict; cycles are possible, also through keys.
- A tensor is a writable ndarray, a strided view of the array of its storage: tensors share memory as in Torch7.
  The empty tensor has the shape (0,). An expanded one (stride 0) may have far more elements than its storage: compare
  ``size`` with the size of its ``base`` before copying one from a file that is not trusted.
- Storages, objects and functions are the classes of this file. A tds.Hash, a tds.Vec or a tds.AtomicCounter is a
  TorchObject whose fields are a dict, a dict with the keys 1, 2, ... (its values may be None), or an int.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Torch7Value = Any
"""One of the above, known only when a file is read."""


@dataclass(frozen=True)
class BooleanKey:
    """A boolean as the key of a table that has its number as another key."""

    value: bool


@dataclass(frozen=True, eq=False, repr=False)
class ObjectKey:
    """A table, tensor, storage, object or function as the key of a table: equal only to itself, as in Lua."""

    value: Torch7Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectKey) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)

    def __repr__(self) -> str:
        # Without the contents, which may contain this key.
        return f"<{KIND_NAMES.get(type(self.value), 'object')}>"


@dataclass(eq=False)
class Storage:
    """A storage without a tensor: the sizes of a View, the weights of a MultiCriterion."""

    array: NDArray[Any]
    """One axis; the memory of every tensor on this storage."""


@dataclass(eq=False)
class TorchObject:
    """An object of a class other than tensors and storages."""

    name: str
    """Such as ``nn.Linear``."""
    version: int = 1
    """0: from before classes had versions."""
    fields: Torch7Value = None
    """A dict of the fields, unless the class has a format of its own."""
    head: Torch7Value = None
    """The value before the fields: for an nn.GPU the table of its type and its device, otherwise None."""


@dataclass(eq=False)
class LuaFunction:
    """A Lua function, which is never run."""

    code: bytes
    upvalues: Torch7Value = None
    kind: int = 8
    """Its type code: 6, 7 or 8."""


KIND_NAMES: dict[type, str] = {dict: "table", np.ndarray: "tensor", Storage: "storage", LuaFunction: "function"}


TableKey = float | str | bool | BooleanKey | ObjectKey


def disambiguate_key(table: dict[Any, Torch7Value], key: TableKey) -> TableKey:
    """Return a new key of a table; a BooleanKey for a boolean whose number is another key.

    If the key is a number whose boolean is another key, that key is replaced by a BooleanKey, keeping the order.
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
