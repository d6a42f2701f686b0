"""Read single fields of flatbuffer tables."""

import struct
from dataclasses import dataclass
from typing import Any, Self

SIGNED, UNSIGNED, SHORT, LONG = struct.Struct("<i"), struct.Struct("<I"), struct.Struct("<H"), struct.Struct("<q")


@dataclass(frozen=True)
class FlatbufferTable:
    """A table at ``offset`` of ``data``. Reading corrupt bytes raises struct.error or ValueError.

    A table starts with its distance from the list of its fields, which contains the offset of each field in the table.
    Source: Google, "FlatBuffers internals".
    """

    data: bytes
    offset: int

    @classmethod
    def read_root(cls, data: bytes) -> Self:
        """Return the root table."""
        return cls(data, UNSIGNED.unpack_from(data)[0])

    def read_table(self, field: int) -> Self | None:
        """Return a field that is a table, or None if it is missing."""
        position = self._find_field(field)
        return None if position is None else type(self)(self.data, self._follow(position))

    def read_integer(self, field: int) -> int:
        """Return a field that is an integer of 8 bytes, or 0 if it is missing."""
        position = self._find_field(field)
        return 0 if position is None else int(LONG.unpack_from(self.data, position)[0])

    def read_structs(self, field: int, form: struct.Struct) -> list[tuple[Any, ...]]:
        """Return a field that is a list of structures, empty if it is missing."""
        position = self._find_field(field)
        if position is None:
            return []
        start = self._follow(position)
        (count,) = UNSIGNED.unpack_from(self.data, start)
        first = start + UNSIGNED.size
        if first + count * form.size > len(self.data):
            raise ValueError(f"a list of {count:,} elements in {len(self.data):,} bytes")
        return list(form.iter_unpack(self.data[first : first + count * form.size]))

    def _follow(self, position: int) -> int:
        return position + int(UNSIGNED.unpack_from(self.data, position)[0])

    def _find_field(self, field: int) -> int | None:
        """Return the position of a field, or None if it is missing."""
        fields = self.offset - SIGNED.unpack_from(self.data, self.offset)[0]
        if fields < 0:
            raise ValueError("a table without fields")
        (size,) = SHORT.unpack_from(self.data, fields)
        entry = 4 + 2 * field
        offset = SHORT.unpack_from(self.data, fields + entry)[0] if entry + 2 <= size else 0
        return self.offset + offset if offset else None
