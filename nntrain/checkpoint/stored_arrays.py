"""Checksums of arrays, and their bytes in a file, read without HDF5, which serves one thread at a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array

if TYPE_CHECKING:
    import h5py

# Bytes per checksum. Threads share the chunks: zlib releases the GIL.
DIGEST_CHUNK = 1 << 24

DIGEST_THREADS = 2

# Bytes for which another thread is not worth its cost.
MAX_SMALL_SIZE = 1 << 18

# Bytes to read at once, so that they stay in the second-level cache.
READ_CHUNK = 1 << 19


def compute_digest(array: Array) -> dict[str, Any]:
    """Return the dtype, the shape and the CRC-32 of each DIGEST_CHUNK of the bytes, in C order, as JSON values."""
    return build_digest(array, map(zlib.crc32, iterate_chunks(array)))


def start_digest(array: Array, pool: Executor) -> Callable[[], dict[str, Any]]:
    """Start to compute the digest in threads, and return a function that waits for it."""
    if array.nbytes <= MAX_SMALL_SIZE:
        found = compute_digest(array)
        return lambda: found
    sums = pool.map(zlib.crc32, iterate_chunks(array))
    return lambda: build_digest(array, sums)


def build_digest(array: Array, sums: Iterable[int]) -> dict[str, Any]:
    """Build a digest from its checksums."""
    return {"dtype": array.dtype.str, "shape": list(array.shape), "crc32": list(sums)}


def iterate_chunks(array: Array, size: int = DIGEST_CHUNK) -> Iterator[memoryview]:
    """Yield the bytes of an array in C order, in chunks of ``size``."""
    if not array.size:
        return iter(())
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    return (flat[start : start + size] for start in range(0, len(flat), size))


def read_array(dataset: h5py.Dataset, pool: Executor) -> tuple[Array, Callable[[], dict[str, Any]]]:
    """Return the values of a dataset, and a function for its digest. A large array is complete after that function."""
    offset = find_data_offset(dataset)
    if offset is None:
        array = np.asarray(dataset[()])
        return array, start_digest(array, pool)
    path, array = Path(dataset.file.filename), np.empty(dataset.shape, dataset.dtype)
    chunks = list(iterate_chunks(array))
    sums = pool.map(fill_chunk, [path] * len(chunks), range(offset, offset + array.nbytes, DIGEST_CHUNK), chunks)
    return array, lambda: build_digest(array, sums)


def find_data_offset(dataset: h5py.Dataset) -> int | None:
    """Return the file offset of the numbers of a large array, if they are contiguous and in numpy's format."""
    plain = dataset.dtype.kind in "iuf" and dataset.dtype.itemsize <= 8 and dataset.chunks is None
    size = dataset.size * dataset.dtype.itemsize
    return dataset.id.get_offset() if plain and MAX_SMALL_SIZE < size == dataset.id.get_storage_size() else None


def fill_chunk(path: Path, offset: int, chunk: memoryview) -> int:
    """Fill a chunk of an array from the file, and return its CRC-32. OSError if the file ends early."""
    crc = 0
    with open(path, "rb", buffering=0) as file:
        file.seek(offset)
        for start in range(0, len(chunk), READ_CHUNK):
            part = chunk[start : start + READ_CHUNK]
            fill_buffer(file, part)
            crc = zlib.crc32(part, crc)
    return crc


def is_array_stored(file: IO[bytes], dataset: h5py.Dataset, array: Array) -> bool:
    """Whether the bytes of a dataset equal those of an array. OSError if the file ends early."""
    if dataset.id.get_storage_size() != array.nbytes:
        return False
    if array.nbytes:
        file.seek(dataset.id.get_offset())
    buffer = memoryview(bytearray(min(READ_CHUNK, array.nbytes)))
    for chunk in iterate_chunks(array, READ_CHUNK):
        stored = buffer[: len(chunk)]
        fill_buffer(file, stored)
        if not np.array_equal(stored, chunk):
            return False
    return True


def fill_buffer(file: IO[bytes], memory: memoryview) -> None:
    """Fill the memory from the file. OSError if the file ends early."""
    while memory:
        size = file.readinto(memory)  # type: ignore[attr-defined]
        if not size:
            raise OSError("the file ends before its values")
        memory = memory[size:]
