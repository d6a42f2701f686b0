"""The memory that the blocks of an Arrow file take, computed from their headers before any block is read.

A file ends with a footer, which lists the blocks: record batches, and the values of dictionaries. The header of a block
precedes its bytes and contains the position of each array. The first 8 bytes of a compressed array are its uncompressed
size, or −1 if it is stored uncompressed. Footer and headers are flatbuffers.

Source: Apache Arrow, "Arrow Columnar Format", sections on serialization and interprocess communication.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

from nntrain.errors import DataError

# The length of the footer and the signature of the file follow the footer.
FOOTER_END = struct.Struct("<I6s")

# Field numbers in a footer, a message, a batch, a dictionary.
DICTIONARIES, BATCHES = 2, 3
HEADER, ROWS, BUFFERS, COMPRESSION, DATA = 2, 0, 2, 3, 1

# In the footer: offset, size of the header, size of all arrays. In a header: offset and size of an array.
BLOCK, BUFFER = struct.Struct("<qi4xq"), struct.Struct("<qq")

# The integers of a flatbuffer.
SIGNED, UNSIGNED, SHORT, LONG = struct.Struct("<i"), struct.Struct("<I"), struct.Struct("<H"), struct.Struct("<q")

# A row has at least one bit if any column has values.
MAX_ROWS_PER_BYTE = 8

# A table without any value has no bytes.
MAX_ROWS_WITHOUT_DATA = 2**20

# Maximum size of a header or footer: that of a table of 20,000 columns has about 3 MB.
MAX_HEADER_LENGTH = 2**25


@dataclass(frozen=True)
class ArrowBlock:
    """The number of rows of a block, and the sizes of its arrays as stored and in memory, in bytes.

    ``unpacked_size`` is 0 if nothing is compressed.
    """

    rows: int
    size: int
    unpacked_size: int


def estimate_memory(path: Path) -> int:
    """Return the maximum size unpacked at once: all dictionaries and the largest batch.

    DataError for a batch with more rows than its bytes can contain.
    """
    largest = 0
    for number, block in enumerate(iterate_blocks(path), 1):
        if block.rows < 0 or block.rows > max(MAX_ROWS_PER_BYTE * block.size, MAX_ROWS_WITHOUT_DATA):
            raise DataError(f"{path}: batch {number} declares {block.rows:,} rows in {block.size:,} bytes")
        largest = max(largest, block.unpacked_size)
    return largest + sum(block.unpacked_size for block in iterate_blocks(path, DICTIONARIES))


def iterate_blocks(path: Path, field: int = BATCHES) -> Iterator[ArrowBlock]:
    """Yield the blocks that a field of the footer lists, in order. DataError for a corrupt file."""
    try:
        with path.open("rb") as file:
            file.seek(-FOOTER_END.size, 2)
            length, _ = FOOTER_END.unpack(file.read(FOOTER_END.size))
            file.seek(-FOOTER_END.size - check_length(length), 2)
            footer = FlatbufferTable.read_root(file.read(length))
            for offset, size, _ in footer.read_structs(field, BLOCK):
                yield read_block(file, offset, size, is_dictionary=field == DICTIONARIES)
    except (struct.error, OSError, ValueError) as error:
        raise DataError(f"{path}: not a Feather file, or a corrupt one: {error}") from error


def read_block(file: BinaryIO, offset: int, length: int, *, is_dictionary: bool) -> ArrowBlock:
    """Read the block at ``offset``. Its header has ``length`` bytes and starts with a marker and its own length.

    The header of a dictionary contains that of a batch.
    """
    file.seek(offset)
    content = file.read(check_length(length))
    message = FlatbufferTable.read_root(content[8 if content[:4] == b"\xff\xff\xff\xff" else 4 :])
    header = message.read_table(HEADER)
    batch = header.read_table(DATA) if header is not None and is_dictionary else header
    if batch is None:
        raise ValueError("a block without a header")
    buffers = batch.read_structs(BUFFERS, BUFFER)
    stored = sum(size for _, size in buffers)
    if batch.read_table(COMPRESSION) is None:
        return ArrowBlock(batch.read_integer(ROWS), stored, 0)
    size = 0
    for start, stored_size in buffers:
        if stored_size >= LONG.size:
            file.seek(offset + length + start)
            (found,) = LONG.unpack(file.read(LONG.size))
            size += stored_size if found < 0 else found
    return ArrowBlock(batch.read_integer(ROWS), size, size)


def check_length(length: int) -> int:
    """Return the length of a header. ValueError if no table needs that much."""
    if not 0 < length <= MAX_HEADER_LENGTH:
        raise ValueError(f"a header of {length:,} bytes")
    return length


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
