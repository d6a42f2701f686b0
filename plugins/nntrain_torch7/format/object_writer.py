"""The writer of the objects in a .t7 file: every object before the objects in it, and only once."""

from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format import type_codes as codes
from nntrain_torch7.format.ascii_writer import AsciiWriter
from nntrain_torch7.format.binary_writer import BinaryWriter
from nntrain_torch7.format.dtypes import DTYPE_NAMES
from nntrain_torch7.format.errors import UnsupportedValueError
from nntrain_torch7.format.object_path import PathStep, format_path
from nntrain_torch7.format.storage_view import StorageKey, StorageView
from nntrain_torch7.format.values import BooleanKey, LuaFunction, ObjectKey, Storage, Torch7Value, TorchObject

# Near the largest double.
MAX_INTEGER = 1 << 1023

# The objects in an object, each with the step to it.
ObjectParts = Iterable[tuple[PathStep, Torch7Value]]


class ObjectWriter:
    """Writes one object. ``path``: the path of the part that is being written, for errors."""

    def __init__(self, sink: AsciiWriter | BinaryWriter) -> None:
        self._sink = sink
        self._steps: list[PathStep] = []
        # By id. Memories are kept alive, so that the ids of temporary arrays stay unique.
        self._indices: dict[int | StorageKey, int] = {}
        self._memories: dict[int, StorageView] = {}

    @property
    def path(self) -> str:
        """The path of the object that is being written."""
        return format_path(self._steps)

    def write(self, value: Torch7Value) -> None:
        """Write an object and all its parts. UnsupportedValueError for a value that the format cannot represent."""
        stack: list[Iterator[tuple[PathStep, Torch7Value]]] = [iter(self._write_object(value))]
        while stack:
            part = next(stack[-1], None)
            if part is None:
                stack.pop()
                del self._steps[-1:]
            else:
                self._steps.append(part[0])
                stack.append(iter(self._write_object(part[1])))

    def _write_object(self, value: Torch7Value) -> ObjectParts:
        """Write the start of an object, and return the objects in it."""
        identity: int | StorageKey
        parts: ObjectParts
        match value:
            case dict():
                code, identity, parts = codes.TABLE, id(value), self._write_table(value)
            case list() | tuple():
                code, identity, parts = codes.TABLE, id(value), self._write_table(dict(enumerate(value, 1)))
            case TorchObject():
                code, identity, parts = codes.TORCH, id(value), self._write_torch_object(value)
            case LuaFunction():
                code, identity, parts = value.kind, id(value), self._write_function(value)
            case np.ndarray():
                code, identity, parts = codes.TORCH, id(value), self._write_tensor(value)
            case Storage():
                memory = self._get_storage_view(value)
                code, identity, parts = codes.TORCH, memory.key, self._write_storage(memory)
            case _:
                self._write_plain(value)
                return ()
        return parts if self._write_header(code, identity) else ()

    def _write_header(self, code: int, identity: int | StorageKey) -> bool:
        """Write the type and the index of an object; return whether it is new."""
        self._sink.write_int(code)
        if code == codes.PLAIN_FUNCTION:
            return True
        new = identity not in self._indices
        self._sink.write_int(self._indices.setdefault(identity, len(self._indices) + 1))
        return new

    def _write_plain(self, value: Torch7Value) -> None:
        sink = self._sink
        if value is None:
            sink.write_int(codes.NIL)
        elif isinstance(value, bool | np.bool_):
            sink.write_int(codes.BOOLEAN)
            sink.write_int(int(value))
        elif isinstance(value, str):
            sink.write_int(codes.STRING)
            self._write_string(value)
        elif isinstance(value, Real):
            if isinstance(value, Integral) and (abs(int(value)) > MAX_INTEGER or int(float(value)) != value):
                raise UnsupportedValueError(f"{value}: not exact as a double")
            sink.write_int(codes.NUMBER)
            sink.write_double(float(value))
        else:
            raise UnsupportedValueError(f"a {type(value).__name__}; expected a number, string, table, array or object")

    def _write_string(self, text: str) -> None:
        try:
            encoded = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise UnsupportedValueError(f"{text!a} cannot be encoded") from None
        self._sink.write_int(len(encoded))
        self._sink.write_string(encoded)

    def _write_table(self, table: dict[Any, Torch7Value]) -> ObjectParts:
        self._sink.write_int(len(table))
        yield from self._write_entries(table)

    def _write_entries(self, table: dict[Any, Torch7Value]) -> ObjectParts:
        for key, value in table.items():
            if isinstance(key, ObjectKey):
                yield "key", key.value
            else:
                self._write_key(key)
            yield key, value

    def _write_key(self, key: Any) -> None:
        plain = key.value if isinstance(key, BooleanKey) else key
        if not isinstance(plain, bool | str | int | float) or key != key:
            raise UnsupportedValueError(
                f"a table with the key {key!a}; expected a number, string, boolean or ObjectKey"
            )
        self._write_plain(plain)

    def _write_function(self, function: LuaFunction) -> ObjectParts:
        self._sink.write_int(len(function.code))
        self._sink.write_string(function.code)
        yield "upvalues", function.upvalues

    def _write_class(self, name: str, version: int = 1) -> None:
        if version:
            self._write_string(f"V {version}")
        self._write_string(name)

    def _write_torch_object(self, value: TorchObject) -> ObjectParts:
        self._write_class(value.name, value.version)
        if value.name in codes.HEADED_CLASSES:
            yield "head", value.head
        if value.name in codes.COUNTER_CLASSES:
            self._sink.write_longs([value.fields])
        elif value.name in codes.HASH_CLASSES + codes.VECTOR_CLASSES:
            self._sink.write_longs([len(value.fields)])
            yield from self._write_entries(value.fields) if value.name in codes.HASH_CLASSES else value.fields.items()
        elif value.name not in codes.FIELDLESS_CLASSES:
            yield None, value.fields

    def _write_tensor(self, tensor: NDArray[Any]) -> ObjectParts:
        memory = self._view_storage(tensor)
        self._write_class(f"torch.{DTYPE_NAMES[memory.flat.dtype]}Tensor")
        # Torch7's only empty tensor has no axes, and a single number has one.
        sizes, strides = ((), ()) if tensor.shape == (0,) else (tensor.shape or (1,), memory.strides or (1,))
        self._sink.write_int(len(sizes))
        self._sink.write_longs(sizes)
        self._sink.write_longs(strides)
        self._sink.write_longs([memory.offset + 1])
        yield "storage", None if tensor.shape == (0,) and tensor.base is None else Storage(memory.flat)

    def _write_storage(self, memory: StorageView) -> ObjectParts:
        self._write_class(f"torch.{DTYPE_NAMES[memory.flat.dtype]}Storage")
        self._sink.write_longs([memory.flat.size])
        self._sink.write_elements(memory.flat)
        yield from ()

    def _get_storage_view(self, storage: Storage) -> StorageView:
        memory = self._view_storage(storage.array)
        if storage.array.shape != memory.flat.shape or not storage.array.flags.c_contiguous:
            raise UnsupportedValueError("a storage whose array is part of a larger one; use a copy")
        return memory

    def _view_storage(self, array: NDArray[Any]) -> StorageView:
        if id(array) not in self._memories:
            self._memories[id(array)] = StorageView.from_array(array)
        return self._memories[id(array)]
