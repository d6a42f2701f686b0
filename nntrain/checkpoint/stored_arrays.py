"""Arrays as they lie in a file, read and compared past HDF5, which serves one thread at a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.digest import DIGEST_CHUNK, MAX_SMALL_SIZE, build_digest, iterate_chunks, start_digest
from nntrain.compute.array import Array

if TYPE_CHECKING:
    import h5py

__all__ = ["is_array_stored", "read_array"]

# Bytes that are read at once: as many as the second-level cache keeps while something is done with them.
READ_CHUNK = 1 << 19


def read_array(dataset: h5py.Dataset, pool: Executor) -> tuple[Array, Callable[[], dict[str, Any]]]:
    """The values of a dataset, and its digest. A large array is there only when its digest was asked for."""
    offset = find_data_offset(dataset)
    if offset is None:
        array = np.asarray(dataset[()])
        return array, start_digest(array, pool)
    path, array = Path(dataset.file.filename), np.empty(dataset.shape, dataset.dtype)
    parts = list(iterate_chunks(array))
    sums = pool.map(fill_chunk, [path] * len(parts), range(offset, offset + array.nbytes, DIGEST_CHUNK), parts)
    return array, lambda: build_digest(array, sums)


def find_data_offset(dataset: h5py.Dataset) -> int | None:
    """Where the numbers of a large array begin, if they lie there in a row as numpy has them."""
    plain = dataset.dtype.kind in "iuf" and dataset.dtype.itemsize <= 8 and dataset.chunks is None
    size = dataset.size * dataset.dtype.itemsize
    return dataset.id.get_offset() if plain and MAX_SMALL_SIZE < size == dataset.id.get_storage_size() else None


def fill_chunk(path: Path, offset: int, piece: memoryview) -> int:
    """Fill a piece of an array from the file, and return its CRC-32. OSError if the file ends before."""
    crc = 0
    with open(path, "rb", buffering=0) as file:
        file.seek(offset)
        for start in range(0, len(piece), READ_CHUNK):
            part = piece[start : start + READ_CHUNK]
            fill_buffer(file, part)
            crc = zlib.crc32(part, crc)
    return crc


def is_array_stored(file: IO[bytes], dataset: h5py.Dataset, array: Array) -> bool:
    """Whether the bytes of a dataset are those of an array. OSError if the file ends before."""
    if dataset.id.get_storage_size() != array.nbytes:
        return False
    if array.nbytes:
        file.seek(dataset.id.get_offset())
    buffer = memoryview(bytearray(min(READ_CHUNK, array.nbytes)))
    for piece in iterate_chunks(array, READ_CHUNK):
        there = buffer[: len(piece)]
        fill_buffer(file, there)
        if not np.array_equal(there, piece):
            return False
    return True


def fill_buffer(file: IO[bytes], memory: memoryview) -> None:
    """Read as many bytes as there is room for. OSError if there are no more."""
    while memory:
        size = file.readinto(memory)  # type: ignore[attr-defined]
        if not size:
            raise OSError("the file ends before its values do")
        memory = memory[size:]
