"""The OpenBLAS that numpy's wheels bring along: its threads and its kernels."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["OpenBLAS", "find_openblas"]

# How the functions are called in one wheel or another: before the name and after it.
SPELLINGS = (("scipy_openblas", "64_"), ("openblas", "64_"), ("scipy_openblas", ""), ("openblas", ""))


class OpenBLAS:
    """The library in memory."""

    def __init__(self, library: ctypes.CDLL, prefix: str, suffix: str) -> None:
        self._get: Any = getattr(library, f"{prefix}_get_num_threads{suffix}")
        self._put: Any = getattr(library, f"{prefix}_set_num_threads{suffix}")
        self._name: Any = getattr(library, f"{prefix}_get_corename{suffix}", None)
        if self._name is not None:
            self._name.restype = ctypes.c_char_p

    @property
    def threads(self) -> int:
        """How many threads share a product."""
        return int(self._get())

    @threads.setter
    def threads(self, count: int) -> None:
        self._put(count)

    @property
    def kernels(self) -> str:
        """The processor whose kernels were taken, as OpenBLAS calls it; "" if it does not tell."""
        return "" if self._name is None else self._name().decode()


@cache
def find_openblas() -> OpenBLAS | None:
    """The library; None if numpy multiplies matrices with another."""
    folder = Path(np.__file__).parent
    for path in [*folder.parent.glob("numpy.libs/*openblas*"), *folder.glob(".dylibs/*openblas*")]:
        library = ctypes.CDLL(str(path))
        for prefix, suffix in SPELLINGS:
            if hasattr(library, f"{prefix}_set_num_threads{suffix}"):
                return OpenBLAS(library, prefix, suffix)
    return None
