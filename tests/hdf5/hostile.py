"""Files made to harm whoever reads them, in which rows can be found."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

# Builds a file.
Build = Callable[[Path], None]


def rows(file: h5py.File, count: int = 20) -> None:
    """Inputs and targets that anybody can read."""
    file["inputs"] = np.random.default_rng(0).normal(size=(count, 3))
    file["targets"] = np.arange(count) % 2


def edited(path: Path, change: Callable[[bytearray], None]) -> None:
    """The file with some bytes changed."""
    whole = bytearray(path.read_bytes())
    change(whole)
    path.write_bytes(whole)


def endless(path: Path) -> None:
    """The free space between texts is said to be 0 bytes wide: HDF5 2.0 looks for its end for ever."""
    with h5py.File(path, "w") as file:
        rows(file)
        file.attrs["format"] = "nntrain checkpoint"

    def change(whole: bytearray) -> None:
        # A collection of texts begins with 16 bytes; each has a number, 8 bytes on its size, and is filled up to 8.
        place = whole.index(b"GCOL") + 16
        while struct.unpack_from("<H", whole, place)[0]:
            place += 16 + -(-struct.unpack_from("<Q", whole, place + 8)[0] // 8) * 8
        struct.pack_into("<Q", whole, place + 8, 0)

    edited(path, change)


def shared_text(path: Path, names: tuple[str, ...] = ("targets",), length: int = 500_000, count: int = 4000) -> None:
    """Every text of a column is the same one of half a megabyte, by reference: two gigabytes in all."""
    with h5py.File(path, "w") as file:
        file["inputs"] = np.zeros((count, 3))
        for name in names:
            file.create_dataset(name, (count,), h5py.string_dtype())[:] = ["x" * length, *["y"] * (count - 1)]
        places = [(file[name].id.get_offset(), file[name].id.get_storage_size()) for name in names]

    def change(whole: bytearray) -> None:
        for place, size in places:
            whole[place : place + size] = whole[place : place + size // count] * count

    edited(path, change)


def long_names(path: Path) -> None:
    """Groups in groups under names of 60 kB, and each of them under 8 more names: gigabytes of paths."""
    with h5py.File(path, "w") as file:
        rows(file)
        group: h5py.Group = file
        for level in range(9):
            inner = group.create_group("n" * 60_000 + str(level))
            for number in range(8):
                group[f"x{number}"] = inner
            group = inner


def many_links(path: Path) -> None:
    """A group of 500 links under 500 names: 250,000 objects in 100 kB."""
    with h5py.File(path, "w") as file:
        rows(file)
        inner, outer = file.create_group("k" * 3000), file.create_group("a")
        for number in range(500):
            inner[f"d{number}"] = file["targets"]
        for number in range(500):
            outer[f"m{number}"] = inner


def linked_column(path: Path) -> None:
    """One column under 2,000 names."""
    with h5py.File(path, "w") as file:
        column = file.create_dataset("c", data=np.arange(50_000.0))
        for number in range(2000):
            file[f"c{number}"] = column


def slash_in_a_name(path: Path) -> None:
    """A name that HDF5 would follow as a path, through a link to another file."""
    with h5py.File(path, "w") as file:
        rows(file)
        file["zz"] = h5py.ExternalLink("/etc/passwd", "/")
        file["zzQzz"] = np.zeros(3)
    edited(path, lambda whole: whole.__setitem__(slice(None), whole.replace(b"zzQzz", b"zz/zz")))


def filtered_group(path: Path, number: int = 1) -> None:
    """A group whose links are packed by a filter, here as they would be where it is known."""
    with h5py.File(path, "w", libver="latest") as file:
        rows(file)
        plan = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
        asked = h5py.h5p.PropDCID(plan.id)
        asked.locked = True
        asked.set_filter(number, h5py.h5z.FLAG_OPTIONAL, (9,))
        group = h5py.Group(h5py.h5g.create(file.id, b"g", gcpl=plan))
        for index in range(100):
            group[f"{index:03}" * 300] = file["inputs"]


def chunk_of(path: Path, packed: bytes, **options: object) -> None:
    """Inputs in one chunk of 20 rows of 3 numbers, 480 bytes, that are stored as given."""
    with h5py.File(path, "w") as file:
        file["targets"] = np.arange(20) % 2
        dataset = file.create_dataset("inputs", (20, 3), "f8", chunks=(20, 3), **(options or {"compression": "gzip"}))
        dataset.id.write_direct_chunk((0, 0), packed)


def short_chunk(path: Path) -> None:
    """HDF5 takes what comes next in memory for the rest."""
    chunk_of(path, zlib.compress(b"a" * 10))


def long_chunk(path: Path) -> None:
    """400 MB of zeros in the place of 480 bytes."""
    chunk_of(path, zlib.compress(bytes(400_000_000), 1))


def packed_twice(path: Path) -> None:
    """LZF over deflate: what is between the two may be of any size."""
    with h5py.File(path, "w") as file:
        file["targets"] = np.arange(20) % 2
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((20, 3))
        plan.set_deflate(9)
        plan.set_filter(h5py.h5z.FILTER_LZF, 0, (4, 0, 480))
        space = h5py.h5s.create_simple((20, 3))
        h5py.h5d.create(file.id, b"inputs", h5py.h5t.IEEE_F64LE, space, plan).write_direct_chunk((0, 0), b"x" * 600)


def huge_chunk(path: Path) -> None:
    """A chunk of 400 MB for 20 rows."""
    with h5py.File(path, "w") as file:
        file["targets"] = np.arange(20) % 2
        shape = {"chunks": (2**24, 3), "maxshape": (None, 3), "compression": "gzip"}
        dataset = file.create_dataset("inputs", (20, 3), "f8", **shape)
        dataset.id.write_direct_chunk((0, 0), zlib.compress(bytes(2**24 * 24), 1))


def wide_field(path: Path) -> None:
    """A column for each of 10 million numbers in a field, in no row at all."""
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", (0,), np.dtype([("a", "f4", (10**7,)), ("b", "i4")]))


# What each builds, and what is said of it.
FILES: dict[Build, str] = {
    shared_text: "the strings of /targets need more",
    long_names: "expected names of at most 4,096 bytes, got 60,001",
    many_links: "the groups and datasets in it need more than",
    linked_column: "its columns, each once per name, need more than",
    slash_in_a_name: "with a slash",
    filtered_group: "/g: the group: unsupported filter: ",
    short_chunk: "the chunk at (0, 0): expected 480 bytes, got 10",
    long_chunk: "the chunk at (0, 0): expected 480 bytes, got more",
    packed_twice: "expected the filters shuffle, then gzip or lzf, each at most once, got [1, 32000]",
    huge_chunk: "one value, or one chunk, of /inputs need more than",
    wide_field: "has 10,000,001 columns; expected at most 100,000",
}
