"""The grammar of a .t7 file, the other way: every object before the objects in it, each only once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.element_types import NAMES
from nntrain_torch7.format.memory import Key, Memory
from nntrain_torch7.format.own_ways import COUNTERS, HASHES, HEADED, SILENT, VECTORS
from nntrain_torch7.format.place import Step, spell
from nntrain_torch7.format.sink import Sink
from nntrain_torch7.format.type_codes import BOOLEAN, NIL, NUMBER, PLAIN_FUNCTION, STRING, TABLE, TORCH
from nntrain_torch7.format.unwritable_error import UnwritableError
from nntrain_torch7.format.values import BooleanKey, Function, ObjectKey, Storage, TorchObject, Value

__all__ = ["Writer"]

# Near the end of what a double can be.
LARGEST = 1 << 1023

# The objects in an object, each with the way to it.
Parts = Iterable[tuple[Step, Value]]


class Writer:
    """Writes one object. ``place``: the way to what is being written, for errors."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._steps: list[Step] = []
        # By identity. Memories are kept: what is made only to be written must not lend its identity to others.
        self._indices: dict[int | Key, int] = {}
        self._memories: dict[int, Memory] = {}

    @property
    def place(self) -> str:
        """The way to the object that is being written."""
        return spell(self._steps)

    def write(self, value: Value) -> None:
        """Write an object and all that is in it. UnwritableError for what the format does not have."""
        stack: list[Iterator[tuple[Step, Value]]] = [iter(self._object(value))]
        while stack:
            part = next(stack[-1], None)
            if part is None:
                stack.pop()
                del self._steps[-1:]
            else:
                self._steps.append(part[0])
                stack.append(iter(self._object(part[1])))

    def _object(self, value: Value) -> Parts:
        """Write what stands before the objects in an object."""
        identity: int | Key
        parts: Parts
        match value:
            case dict():
                code, identity, parts = TABLE, id(value), self._table(value)
            case list() | tuple():
                code, identity, parts = TABLE, id(value), self._table(dict(enumerate(value, 1)))
            case TorchObject():
                code, identity, parts = TORCH, id(value), self._thing(value)
            case Function():
                code, identity, parts = value.kind, id(value), self._function(value)
            case np.ndarray():
                code, identity, parts = TORCH, id(value), self._tensor(value)
            case Storage():
                memory = self._memory_of(value)
                code, identity, parts = TORCH, memory.key, self._storage(memory)
            case _:
                self._plain(value)
                return ()
        return parts if self._begin(code, identity) else ()

    def _begin(self, code: int, identity: int | Key) -> bool:
        """Write the type and the index of an object; whether it is not written yet."""
        self._sink.write_int(code)
        if code == PLAIN_FUNCTION:
            return True
        new = identity not in self._indices
        self._sink.write_int(self._indices.setdefault(identity, len(self._indices) + 1))
        return new

    def _plain(self, value: Value) -> None:
        sink = self._sink
        if value is None:
            sink.write_int(NIL)
        elif isinstance(value, bool | np.bool_):
            sink.write_int(BOOLEAN)
            sink.write_int(int(value))
        elif isinstance(value, str):
            sink.write_int(STRING)
            self._string(value)
        elif isinstance(value, Real):
            if isinstance(value, Integral) and (abs(int(value)) > LARGEST or int(float(value)) != value):
                raise UnwritableError(f"{value}: a number is a double, which cannot hold it")
            sink.write_int(NUMBER)
            sink.write_double(float(value))
        else:
            raise UnwritableError(f"a {type(value).__name__}; a file holds numbers, texts, tables, arrays and objects")

    def _string(self, text: str) -> None:
        try:
            encoded = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise UnwritableError(f"{text!a} is no text") from None
        self._sink.write_int(len(encoded))
        self._sink.write_string(encoded)

    def _table(self, table: dict[Any, Value]) -> Parts:
        self._sink.write_int(len(table))
        yield from self._entries(table)

    def _entries(self, table: dict[Any, Value]) -> Parts:
        for key, value in table.items():
            if isinstance(key, ObjectKey):
                yield "key", key.value
            else:
                self._key(key)
            yield key, value

    def _key(self, key: Any) -> None:
        plain = key.value if isinstance(key, BooleanKey) else key
        if not isinstance(plain, bool | str | int | float) or key != key:
            raise UnwritableError(f"a table with the key {key!a}; keys are numbers, strings, booleans and ObjectKeys")
        self._plain(plain)

    def _function(self, function: Function) -> Parts:
        self._sink.write_int(len(function.code))
        self._sink.write_string(function.code)
        yield "upvalues", function.upvalues

    def _class(self, name: str, version: int = 1) -> None:
        if version:
            self._string(f"V {version}")
        self._string(name)

    def _thing(self, thing: TorchObject) -> Parts:
        self._class(thing.name, thing.version)
        if thing.name in HEADED:
            yield "head", thing.head
        if thing.name in COUNTERS:
            self._sink.write_longs([thing.fields])
        elif thing.name in HASHES + VECTORS:
            self._sink.write_longs([len(thing.fields)])
            yield from self._entries(thing.fields) if thing.name in HASHES else thing.fields.items()
        elif thing.name not in SILENT:
            yield None, thing.fields

    def _tensor(self, tensor: NDArray[Any]) -> Parts:
        memory = self._memory(tensor)
        self._class(f"torch.{NAMES[memory.flat.dtype]}Tensor")
        # Torch's only empty tensor has no axes, and a single number has one.
        sizes, strides = ((), ()) if tensor.shape == (0,) else (tensor.shape or (1,), memory.strides or (1,))
        self._sink.write_int(len(sizes))
        self._sink.write_longs(sizes)
        self._sink.write_longs(strides)
        self._sink.write_longs([memory.offset + 1])
        yield "storage", None if tensor.shape == (0,) and tensor.base is None else Storage(memory.flat)

    def _storage(self, memory: Memory) -> Parts:
        self._class(f"torch.{NAMES[memory.flat.dtype]}Storage")
        self._sink.write_longs([memory.flat.size])
        self._sink.write_elements(memory.flat)
        yield from ()

    def _memory_of(self, storage: Storage) -> Memory:
        memory = self._memory(storage.array)
        if storage.array.shape != memory.flat.shape or not storage.array.flags.c_contiguous:
            raise UnwritableError("a storage whose array is a part of a larger one; give it a copy")
        return memory

    def _memory(self, array: NDArray[Any]) -> Memory:
        if id(array) not in self._memories:
            self._memories[id(array)] = Memory.of(array)
        return self._memories[id(array)]
