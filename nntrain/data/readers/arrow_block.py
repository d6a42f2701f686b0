"""How much memory the blocks of an Arrow file take: known from their headers, before any of them is read.

A file ends in a footer, which says where its blocks are: record batches, and the values of dictionaries. Each has a
header in front of its bytes, with the place of every array among them; the first 8 bytes of a compressed array say how
many bytes it unpacks to, or −1 where it is stored as it is. Footer and headers are flatbuffers.

Source: Apache Arrow, "Arrow Columnar Format", sections on serialization and interprocess communication.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nntrain.data.readers.flatbuffer_table import FlatbufferTable
from nntrain.errors import DataError

__all__ = ["ArrowBlock", "estimate_memory", "iterate_record_batches"]

# After the footer come its length and the mark that the file begins with.
FOOTER_END = struct.Struct("<I6s")

# Of a footer, of a message, of a batch, of a dictionary: the numbers of their fields.
DICTIONARIES, BATCHES = 2, 3
HEADER, ROWS, BUFFERS, COMPRESSION, DATA = 2, 0, 2, 3, 1

# In the footer: place, bytes of the header, bytes of all arrays. In a header: place and bytes of an array.
BLOCK, BUFFER = struct.Struct("<qi4xq"), struct.Struct("<qq")
LENGTH_FORMAT = struct.Struct("<q")

# A row has one bit at least, where any column has values.
MAX_ROWS_PER_BYTE = 8

# A table of columns without any value has no bytes.
MAX_ROWS_WITHOUT_DATA = 2**20

# Bytes of a header or footer: that of a table of 20,000 columns has about 3 MB.
MAX_HEADER_LENGTH = 2**25


@dataclass(frozen=True)
class ArrowBlock:
    """The ``rows`` of a block, and the bytes of its arrays, ``taken`` from memory where they are unpacked."""

    rows: int
    size: int
    unpacked_size: int


def estimate_memory(path: Path) -> int:
    """The bytes that are unpacked at once at most: the dictionaries, which are kept, and the largest batch.

    DataError for a batch with more rows than its bytes can be.
    """
    largest = 0
    for number, block in enumerate(iterate_record_batches(path), 1):
        if block.rows < 0 or block.rows > max(MAX_ROWS_PER_BYTE * block.size, MAX_ROWS_WITHOUT_DATA):
            raise DataError(f"{path}: batch {number} declares {block.rows:,} rows in {block.size:,} bytes")
        largest = max(largest, block.unpacked_size)
    return largest + sum(block.unpacked_size for block in iterate_blocks(path, DICTIONARIES))


def iterate_record_batches(path: Path) -> Iterator[ArrowBlock]:
    """The batches of rows, in their order. DataError for a file that is damaged."""
    return iterate_blocks(path, BATCHES)


def iterate_blocks(path: Path, kind: int) -> Iterator[ArrowBlock]:
    """The blocks of a kind, as the footer lists them."""
    try:
        with path.open("rb") as file:
            file.seek(-FOOTER_END.size, 2)
            length, _ = FOOTER_END.unpack(file.read(FOOTER_END.size))
            file.seek(-FOOTER_END.size - check_length(length), 2)
            footer = FlatbufferTable.read_root(file.read(length))
            for place, header, _ in footer.read_structs(kind, BLOCK):
                yield read_block(file, place, header, inner=kind == DICTIONARIES)
    except (struct.error, OSError, ValueError) as error:
        raise DataError(f"{path}: not a Feather file, or a corrupt one: {error}") from error


def read_block(file: BinaryIO, offset: int, length: int, *, inner: bool) -> ArrowBlock:
    """The block at a place, whose header has ``length`` bytes, of which a mark and its own length are the first.

    ``inner``: of a dictionary, in whose header that of a batch is.
    """
    file.seek(offset)
    start = file.read(check_length(length))
    message = FlatbufferTable.read_root(start[8 if start[:4] == b"\xff\xff\xff\xff" else 4 :])
    header = message.read_table(HEADER)
    batch = header.read_table(DATA) if header is not None and inner else header
    if batch is None:
        raise ValueError("a block without a header")
    buffers = batch.read_structs(BUFFERS, BUFFER)
    stored = sum(size for _, size in buffers)
    if batch.read_table(COMPRESSION) is None:
        return ArrowBlock(batch.read_integer(ROWS), stored, 0)
    size = 0
    for begin, bytes_ in buffers:
        if bytes_ >= LENGTH_FORMAT.size:
            file.seek(offset + length + begin)
            (found,) = LENGTH_FORMAT.unpack(file.read(LENGTH_FORMAT.size))
            size += bytes_ if found < 0 else found
    return ArrowBlock(batch.read_integer(ROWS), size, size)


def check_length(length: int) -> int:
    """The length of a header. ValueError for one that no table needs."""
    if not 0 < length <= MAX_HEADER_LENGTH:
        raise ValueError(f"a header of {length:,} bytes")
    return length
