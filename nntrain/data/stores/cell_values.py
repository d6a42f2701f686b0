"""Convert values stored in HDF5 to the types of a table."""

import re
import sys
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.texts import DICT_ENTRY_BYTES

TIME_TYPE_PATTERN = re.compile(r"(datetime64|timedelta64)(?:\[(\w+)\])?")


def convert_values(values: Array, budget: Budget, type_: str = "", missing: str = "") -> Array:
    """Convert numbers to the native byte order and common widths, and bytes to strings.

    ``type_``: their type in pandas, if it is not that of the values. ``missing``: the bytes of a missing string.
    """
    if values.dtype.kind in "SO":
        return decode_texts(values, budget, missing)
    if type_ == "bool":
        return values.astype(bool)
    values = convert_times(values, type_)
    if values.dtype.kind == "M":
        return values.astype("M8[us]")
    if values.dtype.kind == "f" and values.dtype.itemsize not in (4, 8):
        return values.astype(np.float32 if values.dtype.itemsize < 4 else np.float64)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def decode_texts(values: Array, budget: Budget, missing: str = "") -> Array:
    """Decode bytes, each distinct value once; None for ``missing``. UnicodeDecodeError if not UTF-8."""
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
    """Convert integers of the pandas type ``type_`` to times in microseconds, or durations to seconds.

    The minimum integer is NaT, a missing value. Other types are unchanged.
    """
    match = TIME_TYPE_PATTERN.fullmatch(type_)
    if match is None:
        return values
    unit = match[2] or "ns"
    if match[1] == "datetime64":
        return values.astype(np.int64).view(f"M8[{unit}]").astype("M8[us]")
    durations = values.astype(np.int64).view(f"m8[{unit}]")
    return durations / np.timedelta64(1, "s")
