"""Checksums of arrays, so that a bit that has changed is found."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

__all__ = ["PIECE", "crc32s", "digest", "pieces"]

# Bytes under one checksum. Threads share out pieces: zlib lets others run meanwhile.
PIECE = 1 << 24

THREADS = 2


def digest(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    """The element type, the shape and the CRC-32 of each PIECE of the bytes, in C order: JSON values."""
    return {"dtype": array.dtype.str, "shape": list(array.shape), "crc32": crc32s(pieces(array))}


def pieces(array: np.ndarray[Any, Any]) -> Iterator[memoryview]:
    """The bytes of an array in C order, PIECE by PIECE."""
    if not array.size:
        return iter(())
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    return (flat[start : start + PIECE] for start in range(0, len(flat), PIECE))


def crc32s(parts: Iterable[memoryview]) -> list[int]:
    """The CRC-32 of each part."""
    parts = list(parts)
    if len(parts) < 2:
        return [zlib.crc32(part) for part in parts]
    with ThreadPoolExecutor(THREADS, "digest") as pool:
        return list(pool.map(zlib.crc32, parts))
