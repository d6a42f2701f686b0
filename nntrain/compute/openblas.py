"""The OpenBLAS of NumPy's wheels: its threads and kernels."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["OpenBLAS", "find_openblas"]

# Prefixes and suffixes of function names in different wheels.
SPELLINGS = (("scipy_openblas", "64_"), ("openblas", "64_"), ("scipy_openblas", ""), ("openblas", ""))


class OpenBLAS:
    """The loaded library."""

    def __init__(self, library: ctypes.CDLL, prefix: str, suffix: str) -> None:
        self._get: Any = getattr(library, f"{prefix}_get_num_threads{suffix}")
        self._put: Any = getattr(library, f"{prefix}_set_num_threads{suffix}")
        self._name: Any = getattr(library, f"{prefix}_get_corename{suffix}", None)
        if self._name is not None:
            self._name.restype = ctypes.c_char_p

    @property
    def threads(self) -> int:
        """The number of threads for a product."""
        return int(self._get())

    @threads.setter
    def threads(self, count: int) -> None:
        self._put(count)

    @property
    def kernels(self) -> str:
        """OpenBLAS's name of the processor whose kernels it uses; "" if unknown."""
        return "" if self._name is None else self._name().decode()


@cache
def find_openblas() -> OpenBLAS | None:
    """Return the library; None if NumPy uses another BLAS."""
    folder = Path(np.__file__).parent
    for path in [*folder.parent.glob("numpy.libs/*openblas*"), *folder.glob(".dylibs/*openblas*")]:
        library = ctypes.CDLL(str(path))
        for prefix, suffix in SPELLINGS:
            if hasattr(library, f"{prefix}_set_num_threads{suffix}"):
                return OpenBLAS(library, prefix, suffix)
    return None
