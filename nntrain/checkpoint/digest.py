"""Checksums of arrays, to detect changed bits."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np

from nntrain.compute.array import Array

# Bytes per checksum. Threads share the chunks: zlib releases the GIL.
DIGEST_CHUNK = 1 << 24

DIGEST_THREADS = 2

# Bytes for which another thread is not worth its cost.
MAX_SMALL_SIZE = 1 << 18


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
