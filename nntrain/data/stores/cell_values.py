"""Values as an HDF5 file keeps them, in the types that a table has."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np

from nntrain.data.array import Array
from nntrain.hdf5.budget import Budget

__all__ = ["decoded", "timed", "typed"]

# Bytes of a text's place in a list and a dict.
ENTRY = 100

# Seconds in a unit of time, for spans of time.
TIMES = re.compile(r"(datetime64|timedelta64)(?:\[(\w+)\])?")


def typed(values: Array, budget: Budget, *, boolean: bool = False) -> Array:
    """Numbers in the byte order and the widths that are known everywhere, bytes as texts."""
    if boolean:
        return values.astype(bool)
    if values.dtype.kind in "SO":
        return decoded(values, budget)
    if values.dtype.kind == "M":
        return values.astype("M8[us]")
    if values.dtype.kind == "f" and values.dtype.itemsize not in (4, 8):
        return values.astype(np.float32 if values.dtype.itemsize < 4 else np.float64)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def decoded(values: Array, budget: Budget, missing: str = "") -> Array:
    """Bytes and strings as texts, each different one once; None for ``missing``. UnicodeDecodeError if not UTF-8."""
    texts = np.empty(len(values), object)
    known: dict[Any, str | None] = {}
    for index, value in enumerate(values.tolist()):
        if value not in known:
            text = value.decode() if isinstance(value, bytes) else str(value)
            known[value] = None if text == missing else text
            if isinstance(value, bytes):
                budget.charge(ENTRY + sys.getsizeof(value) + sys.getsizeof(text), "its texts")
        texts[index] = known[value]
    return texts


def timed(values: Array, type_: str) -> Array:
    """Integers that pandas calls ``type_``: a time in microseconds, a span of time in seconds. Others as they are.

    The least integer is NaT, a missing value.
    """
    match = TIMES.fullmatch(type_)
    if match is None:
        return values
    unit = match[2] or "ns"
    if match[1] == "datetime64":
        return values.astype(np.int64).view(f"M8[{unit}]").astype("M8[us]")
    spans = values.astype(np.int64).view(f"m8[{unit}]")
    return spans / np.timedelta64(1, "s")
