"""Functions of HDF5 that h5py has no names for, called in the library that h5py loaded."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import h5py

__all__ = ["set_filter"]

# HDF5's type of identifiers.
IDENTIFIER = ctypes.c_int64


@cache
def library() -> ctypes.CDLL | None:
    """The library in this process's memory; None where it cannot be found."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    paths = {line.split(maxsplit=5)[-1] for line in lines if "/libhdf5-" in line or "/libhdf5.so" in line}
    return ctypes.CDLL(min(paths)) if paths else None


def set_filter(plan: h5py.h5p.PropInstanceID, number: int, values: tuple[int, ...] = ()) -> bool:
    """Add an optional filter to a list of creation properties, also of a group; False where that cannot be done."""
    found = library()
    if found is None:
        return False
    numbers = (ctypes.c_uint * max(len(values), 1))(*values)
    found.H5Pset_filter.argtypes = (IDENTIFIER, ctypes.c_int, ctypes.c_uint, ctypes.c_size_t, ctypes.c_void_p)
    return bool(found.H5Pset_filter(plan.id, number, h5py.h5z.FLAG_OPTIONAL, len(values), numbers) >= 0)
