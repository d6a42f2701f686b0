"""Values as an HDF5 file keeps them, in the types that a table has."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.hdf5.budget import Budget

__all__ = ["convert_times", "convert_values", "decode_texts"]

# Bytes of a text's place in a list and a dict.
DICT_ENTRY_BYTES = 100

# Seconds in a unit of time, for spans of time.
TIME_TYPE_PATTERN = re.compile(r"(datetime64|timedelta64)(?:\[(\w+)\])?")


def convert_values(values: Array, budget: Budget, *, boolean: bool = False) -> Array:
    """Numbers in the byte order and the widths that are known everywhere, bytes as texts."""
    if boolean:
        return values.astype(bool)
    if values.dtype.kind in "SO":
        return decode_texts(values, budget)
    if values.dtype.kind == "M":
        return values.astype("M8[us]")
    if values.dtype.kind == "f" and values.dtype.itemsize not in (4, 8):
        return values.astype(np.float32 if values.dtype.itemsize < 4 else np.float64)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def decode_texts(values: Array, budget: Budget, missing: str = "") -> Array:
    """Bytes and strings as texts, each different one once; None for ``missing``. UnicodeDecodeError if not UTF-8."""
    texts = np.empty(len(values), object)
    known: dict[Any, str | None] = {}
    for index, value in enumerate(values.tolist()):
        if value not in known:
            text = value.decode() if isinstance(value, bytes) else str(value)
            known[value] = None if text == missing else text
            if isinstance(value, bytes):
                budget.charge(DICT_ENTRY_BYTES + sys.getsizeof(value) + sys.getsizeof(text), "its texts")
        texts[index] = known[value]
    return texts


def convert_times(values: Array, type_: str) -> Array:
    """Integers that pandas calls ``type_``: a time in microseconds, a span of time in seconds. Others as they are.

    The least integer is NaT, a missing value.
    """
    match = TIME_TYPE_PATTERN.fullmatch(type_)
    if match is None:
        return values
    unit = match[2] or "ns"
    if match[1] == "datetime64":
        return values.astype(np.int64).view(f"M8[{unit}]").astype("M8[us]")
    spans = values.astype(np.int64).view(f"m8[{unit}]")
    return spans / np.timedelta64(1, "s")
