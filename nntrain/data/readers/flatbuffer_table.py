"""Tables of flatbuffers, of which only what is asked for is read."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["FlatbufferTable"]

SIGNED, UNSIGNED, SHORT, LONG = struct.Struct("<i"), struct.Struct("<I"), struct.Struct("<H"), struct.Struct("<q")


@dataclass(frozen=True)
class FlatbufferTable:
    """A table at ``place`` of ``data``. Asking is a struct.error or a ValueError where the bytes are damaged.

    A table begins with how far before it the list of its fields is, which says how far after its begin each of them is.
    Source: Google, "FlatBuffers internals".
    """

    data: bytes
    offset: int

    @classmethod
    def read_root(cls, data: bytes) -> Self:
        """The table that all others are below of."""
        return cls(data, UNSIGNED.unpack_from(data)[0])

    def read_table(self, field: int) -> Self | None:
        """A field that is a table; None if it is not there."""
        place = self._find_field(field)
        return None if place is None else type(self)(self.data, self._follow(place))

    def read_integer(self, field: int) -> int:
        """A field that is an integer of 8 bytes; 0 if it is not there."""
        place = self._find_field(field)
        return 0 if place is None else int(LONG.unpack_from(self.data, place)[0])

    def read_structs(self, field: int, form: struct.Struct) -> list[tuple[Any, ...]]:
        """A field that is a list of structures; none if it is not there."""
        place = self._find_field(field)
        if place is None:
            return []
        begin = self._follow(place)
        (count,) = UNSIGNED.unpack_from(self.data, begin)
        first = begin + UNSIGNED.size
        if first + count * form.size > len(self.data):
            raise ValueError(f"a list of {count:,} elements in {len(self.data):,} bytes")
        return list(form.iter_unpack(self.data[first : first + count * form.size]))

    def _follow(self, place: int) -> int:
        return place + int(UNSIGNED.unpack_from(self.data, place)[0])

    def _find_field(self, field: int) -> int | None:
        """Where a field is; None if it is not there."""
        fields = self.offset - SIGNED.unpack_from(self.data, self.offset)[0]
        if fields < 0:
            raise ValueError("a table without fields")
        (size,) = SHORT.unpack_from(self.data, fields)
        entry = 4 + 2 * field
        offset = SHORT.unpack_from(self.data, fields + entry)[0] if entry + 2 <= size else 0
        return self.offset + offset if offset else None
