"""The reader of the objects in a .t7 file."""

from collections.abc import Generator
from typing import Any, Final

import numpy as np

from nntrain_torch7.format import type_codes as codes
from nntrain_torch7.format.ascii_reader import AsciiReader
from nntrain_torch7.format.binary_reader import BinaryReader
from nntrain_torch7.format.dtypes import STORAGE_DTYPES, TENSOR_DTYPES
from nntrain_torch7.format.errors import CorruptFileError
from nntrain_torch7.format.object_path import PathStep, format_key, format_path
from nntrain_torch7.format.storage_view import MAX_AXES, create_view
from nntrain_torch7.format.values import LuaFunction, ObjectKey, Storage, Torch7Value, TorchObject, disambiguate_key

# The reading of an object with inner objects: it yields the step to each, and is sent its value.
PendingObject = Generator[PathStep, Torch7Value, Torch7Value]

MAX_DEPTH = 10_000

# Doubles from here on do not represent every integer, and are not converted to int.
MAX_EXACT_INTEGER = 2.0**53

# The types of values for an index of each type code; unfinished objects have none of them.
EXPECTED_TYPES = {
    codes.TABLE: (dict,),
    codes.TORCH: (TorchObject, Storage, np.ndarray),
    **dict.fromkeys(codes.FUNCTIONS, (LuaFunction,)),
}
UNFINISHED: Final = object()


class ObjectReader:
    """Reads one object, without recursion, so that depth is not limited by Python's stack."""

    def __init__(self, source: AsciiReader | BinaryReader) -> None:
        self._source = source
        self._objects: dict[int, Any] = {}

    def read(self) -> Torch7Value:
        """Read the object of the file. CorruptFileError with the path in the object if the file is corrupt."""
        steps: list[PathStep] = []
        try:
            value = self._run(steps)
            self._source.check_end()
        except CorruptFileError as error:
            error.where = format_path(steps)
            raise
        return value

    def _run(self, steps: list[PathStep]) -> Torch7Value:
        readings: list[PendingObject] = []
        value = self._read_object()
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
                if len(readings) > MAX_DEPTH:
                    self._source.fail(f"objects are nested more than {MAX_DEPTH} deep")
                value = self._read_object()

    def _read_object(self) -> Torch7Value | PendingObject:
        """Read the next object; return its pending reading if it contains objects."""
        source = self._source
        code = source.read_int()
        if code == codes.NIL:
            return None
        if code == codes.PLAIN_FUNCTION:
            return self._read_function(code)
        if code in (codes.TABLE, codes.TORCH, *codes.FUNCTIONS):
            return self._read_indexed(code)
        return self._read_plain(code)

    def _read_plain(self, code: int) -> float | str | bool:
        source = self._source
        if code == codes.NUMBER:
            return source.read_double()
        if code == codes.STRING:
            return self._read_string()
        if code != codes.BOOLEAN:
            source.fail(f"expected an object type from {codes.NIL} to {codes.FUNCTIONS[-1]}, got {code}")
        value = source.read_int()
        if value not in (0, 1):
            source.fail(f"expected a boolean 0 or 1, got {value}")
        return value == 1

    def _read_string(self) -> str:
        return self._source.read_string(self._source.read_int()).decode("utf-8", "surrogateescape")

    def _read_indexed(self, code: int) -> Torch7Value | PendingObject:
        index = self._source.read_int()
        if index in self._objects:
            value = self._objects[index]
            if not isinstance(value, EXPECTED_TYPES[code]):
                unfinished = value is UNFINISHED
                self._source.fail(f"object {index} {'contains itself' if unfinished else 'occurs with another type'}")
            return value
        self._objects[index] = UNFINISHED
        if code == codes.TABLE:
            return self._read_table(index)
        return self._read_torch(index) if code == codes.TORCH else self._read_function(code, index)

    def _read_table(self, index: int) -> PendingObject:
        table: dict[Any, Torch7Value] = {}
        self._objects[index] = table
        yield from self._read_entries(table, self._source.read_int())
        return table

    def _read_entries(self, table: dict[Any, Torch7Value], count: int) -> Generator[PathStep, Torch7Value, None]:
        source = self._source
        self._require(count, 2, "a table", "entries")
        for _ in range(count):
            plain = self._read_plain_key()
            key = disambiguate_key(table, ObjectKey((yield "key")) if plain is None else plain)
            if key in table:
                source.fail(f"a table with two entries of the key {format_key(key)}")
            table[key] = yield key

    def _require(self, count: int, objects: int, container: str, items: str) -> None:
        """Fail unless the rest of the file can contain ``count`` items of this number of objects each."""
        remaining = self._source.remaining
        if not 0 <= objects * self._source.smallest_object * count <= remaining:
            self._source.fail(f"{container} of {count} {items}, {remaining} bytes remain")

    def _read_plain_key(self) -> float | str | bool | None:
        """Read a key that is a number, a string or a boolean; return None, with nothing read, if it is an object."""
        before = self._source.at
        code = self._source.read_int()
        if code not in (codes.NUMBER, codes.STRING, codes.BOOLEAN):
            if code == codes.NIL:
                self._source.fail(f"a table with a key of type {codes.NIL}, which is nil")
            self._source.at = before
            return None
        key = self._read_plain(code)
        if isinstance(key, float):
            if key != key:
                self._source.fail("a table with the key nan")
            if abs(key) < MAX_EXACT_INTEGER and key.is_integer():
                return int(key)
        return key

    def _read_function(self, code: int, index: int | None = None) -> PendingObject:
        function = LuaFunction(self._source.read_string(self._source.read_int()), kind=code)
        if index is not None:
            self._objects[index] = function
        function.upvalues = yield "upvalues"
        return function

    def _read_torch(self, index: int) -> PendingObject:
        source = self._source
        version, name = self._read_version_and_name()
        if name in TENSOR_DTYPES:
            return (yield from self._read_tensor(index, TENSOR_DTYPES[name]))
        if name in STORAGE_DTYPES:
            self._objects[index] = Storage(source.read_elements(STORAGE_DTYPES[name], source.read_long()))
            return self._objects[index]
        self._objects[index] = new = TorchObject(name, version)
        if name in codes.HASH_CLASSES:
            new.fields = {}
            yield from self._read_entries(new.fields, source.read_long())
        elif name in codes.VECTOR_CLASSES:
            new.fields = {}
            count = source.read_long()
            self._require(count, 1, "a vector", "values")
            for position in range(1, count + 1):
                new.fields[position] = yield position
        elif name in codes.COUNTER_CLASSES:
            new.fields = source.read_long()
        elif name not in codes.FIELDLESS_CLASSES:
            if name in codes.HEADED_CLASSES:
                new.head = yield "head"
            new.fields = yield None
        return new

    def _read_version_and_name(self) -> tuple[int, str]:
        version = self._read_string()
        if not version.startswith("V "):
            return 0, version
        if not (version[2:].isdecimal() and version.isascii() and len(version) < 12):
            self._source.fail(f"{format_key(version)} is not a version of a class")
        return int(version[2:]), self._read_string()

    def _read_tensor(self, index: int, dtype: np.dtype[Any]) -> PendingObject:
        source = self._source
        axes = source.read_int()
        if not 0 <= axes <= MAX_AXES:
            source.fail(f"expected a tensor of 0 to {MAX_AXES} axes, got {axes}")
        sizes = [source.read_long() for _ in range(axes)]
        strides = [source.read_long() for _ in range(axes)]
        offset = source.read_long() - 1
        storage = yield "storage"
        if storage is None and not axes:
            self._objects[index] = np.empty(0, dtype)
        elif isinstance(storage, Storage) and storage.array.dtype == dtype:
            try:
                self._objects[index] = create_view(storage.array, sizes, strides, offset)
            except ValueError as error:
                source.fail(str(error))
        else:
            got = storage.array.dtype if isinstance(storage, Storage) else "none"
            source.fail(f"expected a storage of {dtype} for a tensor of {dtype}, got {got}")
        return self._objects[index]
