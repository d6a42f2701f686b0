"""A filter over the links of a group that the group itself does not name: only the heap of the links does."""

from __future__ import annotations

from pathlib import Path

import h5py

from tests.hdf5.hostile import filtered_group

__all__ = ["hidden_filter", "lookup3"]

# A message of a header that names filters, and one that is skipped.
PIPELINE, NOTHING = 11, 0

BITS = 2**32 - 1


def hidden_filter(path: str | Path, number: int) -> None:
    """The file of ``filtered_group`` without the message about filters in the header of its group.

    Source: HDF5 File Format Specification 3, IV.A.1.b.
    """
    path = Path(path)
    filtered_group(path, number)
    with h5py.File(path) as file:
        start = h5py.h5o.get_info(file["g"].id).addr
    whole = bytearray(path.read_bytes())
    assert whole[start : start + 4] == b"OHDR"
    flags = whole[start + 5]
    place = start + 6 + (16 if flags & 32 else 0) + (4 if flags & 16 else 0)
    width = 1 << (flags & 3)
    end = place + width + int.from_bytes(whole[place : place + width], "little")
    place += width
    head = 6 if flags & 4 else 4
    while place + head <= end:
        size = int.from_bytes(whole[place + 1 : place + 3], "little")
        if whole[place] == PIPELINE:
            whole[place] = NOTHING
            whole[place + head : place + head + size] = bytes(size)
        place += head + size
    whole[end : end + 4] = lookup3(whole[start:end]).to_bytes(4, "little")
    path.write_bytes(whole)


def lookup3(data: bytes) -> int:
    """The checksum of HDF5's metadata. Source: Bob Jenkins, lookup3, public domain; the steps of ``hashlittle``."""
    a = b = c = (0xDEADBEEF + len(data)) & BITS
    blocks = [data[start : start + 12].ljust(12, b"\0") for start in range(0, len(data), 12)]
    for index, block in enumerate(blocks):
        a, b, c = (
            (value + int.from_bytes(block[start : start + 4], "little")) & BITS
            for value, start in ((a, 0), (b, 4), (c, 8))
        )
        if index < len(blocks) - 1:
            for shift in (4, 6, 8, 16, 19, 4):
                # Each step turns the three around.
                a, b, c = b, (c + b) & BITS, ((a - c) & BITS) ^ turned(c, shift)
    for shift in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - turned(b, shift)) & BITS
        a, b, c = b, c, a
    return b


def turned(value: int, bits: int) -> int:
    """A number of 32 bits, rotated to the left."""
    return (value << bits | value >> (32 - bits)) & BITS
