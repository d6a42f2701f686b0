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

from nntrain.data.flat_table import FlatTable
from nntrain.errors import DataError

__all__ = ["ArrowBlock", "memory_of_blocks", "record_batches"]

# After the footer come its length and the mark that the file begins with.
END = struct.Struct("<I6s")

# Of a footer, of a message, of a batch, of a dictionary: the numbers of their fields.
DICTIONARIES, BATCHES = 2, 3
HEADER, ROWS, BUFFERS, COMPRESSION, DATA = 2, 0, 2, 3, 1

# In the footer: place, bytes of the header, bytes of all arrays. In a header: place and bytes of an array.
BLOCK, BUFFER = struct.Struct("<qi4xq"), struct.Struct("<qq")
LENGTH = struct.Struct("<q")

# A row has one bit at least, where any column has values.
ROWS_A_BYTE = 8

# A table of columns without any value has no bytes.
ROWS_OF_NOTHING = 2**20

# Bytes of a header or footer: that of a table of 20,000 columns has about 3 MB.
LONGEST = 2**25


@dataclass(frozen=True)
class ArrowBlock:
    """The ``rows`` of a block, and the bytes of its arrays, ``taken`` from memory where they are unpacked."""

    rows: int
    size: int
    taken: int


def memory_of_blocks(path: Path) -> int:
    """The bytes that are unpacked at once at most: the dictionaries, which are kept, and the largest batch.

    DataError for a batch with more rows than its bytes can be.
    """
    largest = 0
    for number, block in enumerate(record_batches(path), 1):
        if block.rows < 0 or block.rows > max(ROWS_A_BYTE * block.size, ROWS_OF_NOTHING):
            raise DataError(f"{path}: batch {number} declares {block.rows:,} rows in {block.size:,} bytes")
        largest = max(largest, block.taken)
    return largest + sum(block.taken for block in blocks_of(path, DICTIONARIES))


def record_batches(path: Path) -> Iterator[ArrowBlock]:
    """The batches of rows, in their order. DataError for a file that is damaged."""
    return blocks_of(path, BATCHES)


def blocks_of(path: Path, kind: int) -> Iterator[ArrowBlock]:
    """The blocks of a kind, as the footer lists them."""
    try:
        with path.open("rb") as file:
            file.seek(-END.size, 2)
            length, _ = END.unpack(file.read(END.size))
            file.seek(-END.size - bounded(length), 2)
            footer = FlatTable.root(file.read(length))
            for place, header, _ in footer.structs(kind, BLOCK):
                yield block_at(file, place, header, inner=kind == DICTIONARIES)
    except (struct.error, OSError, ValueError) as error:
        raise DataError(f"{path}: not a Feather file, or a corrupt one: {error}") from error


def block_at(file: BinaryIO, place: int, length: int, *, inner: bool) -> ArrowBlock:
    """The block at a place, whose header has ``length`` bytes, of which a mark and its own length are the first.

    ``inner``: of a dictionary, in whose header that of a batch is.
    """
    file.seek(place)
    start = file.read(bounded(length))
    message = FlatTable.root(start[8 if start[:4] == b"\xff\xff\xff\xff" else 4 :])
    header = message.table(HEADER)
    batch = header.table(DATA) if header is not None and inner else header
    if batch is None:
        raise ValueError("a block without a header")
    buffers = batch.structs(BUFFERS, BUFFER)
    stored = sum(size for _, size in buffers)
    if batch.table(COMPRESSION) is None:
        return ArrowBlock(batch.number(ROWS), stored, 0)
    size = 0
    for begin, bytes_ in buffers:
        if bytes_ >= LENGTH.size:
            file.seek(place + length + begin)
            (found,) = LENGTH.unpack(file.read(LENGTH.size))
            size += bytes_ if found < 0 else found
    return ArrowBlock(batch.number(ROWS), size, size)


def bounded(length: int) -> int:
    """The length of a header. ValueError for one that no table needs."""
    if not 0 < length <= LONGEST:
        raise ValueError(f"a header of {length:,} bytes")
    return length
