"""The grammar of a .t7 file: objects of objects."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.damage_error import DamageError
from nntrain_torch7.format.element_types import STORAGES, TENSORS
from nntrain_torch7.format.own_ways import COUNTERS, HASHES, HEADED, SILENT, VECTORS
from nntrain_torch7.format.place import Step, short, spell
from nntrain_torch7.format.source import Source
from nntrain_torch7.format.told_apart import told_apart
from nntrain_torch7.format.type_codes import BOOLEAN, FUNCTIONS, NIL, NUMBER, PLAIN_FUNCTION, STRING, TABLE, TORCH
from nntrain_torch7.format.values import Function, ObjectKey, Storage, TorchObject, Value
from nntrain_torch7.format.view import MOST_AXES, view

__all__ = ["Reader"]

# An object with objects in it: it yields the way to each that it needs, and is sent what stands there.
Reading = Generator[Step, Value, Value]

DEEPEST = 10_000

# From here on a double has no neighbours without a fraction, and is no index.
INTEGRAL = 2.0**53

# What an index of a type code stands for; what is not read to its end is none of them.
KINDS = {TABLE: (dict,), TORCH: (TorchObject, Storage, np.ndarray)} | dict.fromkeys(FUNCTIONS, (Function,))
UNFINISHED: Final = object()


class Reader:
    """Reads one object. The objects in it are read on a stack of its own, not on Python's."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._objects: dict[int, Any] = {}

    def read(self) -> Value:
        """The object that the file is. DamageError with the place in the object if something is wrong."""
        steps: list[Step] = []
        try:
            value = self._run(steps)
            self._source.finish()
        except DamageError as error:
            error.where = spell(steps)
            raise
        return value

    def _run(self, steps: list[Step]) -> Value:
        readings: list[Reading] = []
        value = self._object()
        while True:
            if isinstance(value, Generator):
                readings.append(value)
                value = None
            elif readings:
                steps.pop()
            else:
                return value
            try:
                steps.append(readings[-1].send(value))
            except StopIteration as end:
                readings.pop()
                value = end.value
            else:
                if len(readings) > DEEPEST:
                    self._source.fail(f"objects in objects, more than {DEEPEST} deep")
                value = self._object()

    def _object(self) -> Value | Reading:
        """The next object, or the reading of it if there are objects in it."""
        source = self._source
        code = source.read_int()
        if code == NIL:
            return None
        if code == PLAIN_FUNCTION:
            return self._function(code)
        if code in (TABLE, TORCH, *FUNCTIONS):
            return self._indexed(code)
        return self._plain(code)

    def _plain(self, code: int) -> float | str | bool:
        source = self._source
        if code == NUMBER:
            return source.read_double()
        if code == STRING:
            return self._string()
        if code != BOOLEAN:
            source.fail(f"{code} is no type of an object, they go from {NIL} to {FUNCTIONS[-1]}")
        truth = source.read_int()
        if truth not in (0, 1):
            source.fail(f"the boolean {truth}, expected 0 or 1")
        return truth == 1

    def _string(self) -> str:
        return self._source.read_string(self._source.read_int()).decode("utf-8", "surrogateescape")

    def _indexed(self, code: int) -> Value | Reading:
        index = self._source.read_int()
        if index in self._objects:
            value = self._objects[index]
            if not isinstance(value, KINDS[code]):
                unfinished = value is UNFINISHED
                self._source.fail(f"object {index} is {'part of itself' if unfinished else 'of another type before'}")
            return value
        self._objects[index] = UNFINISHED
        if code == TABLE:
            return self._table(index)
        return self._torch(index) if code == TORCH else self._function(code, index)

    def _table(self, index: int) -> Reading:
        table: dict[Any, Value] = {}
        self._objects[index] = table
        yield from self._entries(table, self._source.read_int())
        return table

    def _entries(self, table: dict[Any, Value], count: int) -> Generator[Step, Value, None]:
        source = self._source
        self._require(count, 2, "a table", "entries")
        for _ in range(count):
            plain = self._plain_key()
            key = told_apart(table, ObjectKey((yield "key")) if plain is None else plain)
            if key in table:
                source.fail(f"a table with two entries of the key {short(key)}")
            table[key] = yield key

    def _require(self, count: int, objects: int, whole: str, parts: str) -> None:
        """Fail unless the file has room for ``count`` parts of so many objects each."""
        left = self._source.left
        if not 0 <= objects * self._source.smallest_object * count <= left:
            self._source.fail(f"{whole} of {count} {parts}, {left} bytes are left")

    def _plain_key(self) -> float | str | bool | None:
        """A key that is a number, a string or a boolean; None, with nothing read, if it is an object."""
        before = self._source.at
        code = self._source.read_int()
        if code not in (NUMBER, STRING, BOOLEAN):
            if code == NIL:
                self._source.fail(f"a table with a key of type {NIL}, which is nil")
            self._source.at = before
            return None
        key = self._plain(code)
        if isinstance(key, float):
            if key != key:
                self._source.fail("a table with the key nan")
            if abs(key) < INTEGRAL and key.is_integer():
                return int(key)
        return key

    def _function(self, code: int, index: int | None = None) -> Reading:
        function = Function(self._source.read_string(self._source.read_int()), kind=code)
        if index is not None:
            self._objects[index] = function
        function.upvalues = yield "upvalues"
        return function

    def _torch(self, index: int) -> Value | Reading:
        version, name = self._version_and_name()
        if name in TENSORS:
            return self._tensor(index, TENSORS[name])
        if name in STORAGES:
            self._objects[index] = Storage(self._source.read_elements(STORAGES[name], self._source.read_long()))
            return self._objects[index]
        self._objects[index] = thing = TorchObject(name, version)
        if name in HASHES + VECTORS:
            return self._collection(thing)
        if name in COUNTERS:
            thing.fields = self._source.read_long()
        return thing if name in SILENT + COUNTERS else self._fields(thing)

    def _collection(self, thing: TorchObject) -> Reading:
        thing.fields = {}
        count = self._source.read_long()
        if thing.name in HASHES:
            yield from self._entries(thing.fields, count)
            return thing
        self._require(count, 1, "a vector", "values")
        for place in range(1, count + 1):
            thing.fields[place] = yield place
        return thing

    def _version_and_name(self) -> tuple[int, str]:
        version = self._string()
        if not version.startswith("V "):
            return 0, version
        if not (version[2:].isdecimal() and version.isascii() and len(version) < 12):
            self._source.fail(f"{short(version)} is no version of a class")
        return int(version[2:]), self._string()

    def _fields(self, thing: TorchObject) -> Reading:
        if thing.name in HEADED:
            thing.head = yield "head"
        thing.fields = yield None
        return thing

    def _tensor(self, index: int, dtype: np.dtype[Any]) -> Reading:
        source = self._source
        axes = source.read_int()
        if not 0 <= axes <= MOST_AXES:
            source.fail(f"a tensor of {axes} axes, from 0 to {MOST_AXES} can be read")
        sizes = [source.read_long() for _ in range(axes)]
        strides = [source.read_long() for _ in range(axes)]
        offset = source.read_long() - 1
        storage = yield "storage"
        if storage is None and not axes:
            self._objects[index] = np.empty(0, dtype)
        elif isinstance(storage, Storage) and storage.array.dtype == dtype:
            self._objects[index] = self._view(storage.array, sizes, strides, offset)
        else:
            got = storage.array.dtype if isinstance(storage, Storage) else "none"
            source.fail(f"a tensor of {dtype} needs a storage of {dtype}, got {got}")
        return self._objects[index]

    def _view(self, storage: NDArray[Any], sizes: list[int], strides: list[int], offset: int) -> NDArray[Any]:
        try:
            return view(storage, sizes, strides, offset)
        except ValueError as error:
            self._source.fail(str(error))
