"""The binary form: little endian, one value after the other."""

from __future__ import annotations

from collections.abc import Sequence
from struct import error, pack
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.unsupported_value_error import UnsupportedValueError
from nntrain_torch7.format.value_writer import ValueWriter

__all__ = ["BinaryWriter"]


class BinaryWriter(ValueWriter):
    """``long_size``: 8 or 4 bytes."""

    def __init__(self, file: IO[bytes], *, long_size: int = 8) -> None:
        super().__init__(file)
        self._long = "q" if long_size == 8 else "i"

    def write_int(self, value: int) -> None:
        """An int of C, 4 bytes."""
        self._write("<i", value)

    def write_longs(self, values: Sequence[int]) -> None:
        """Longs of C."""
        self._write(f"<{len(values)}{self._long}", *values)

    def write_double(self, value: float) -> None:
        """A number, 8 bytes."""
        self._write("<d", value)

    def write_string(self, text: bytes) -> None:
        """The characters of a string."""
        self.file.write(text)

    def write_elements(self, array: NDArray[Any]) -> None:
        """The elements of a storage; longs in the size of a long."""
        stored = np.dtype(f"<{self._long}") if array.dtype == np.int64 else array.dtype.newbyteorder("<")
        if stored.itemsize < array.itemsize and not np.array_equal(array.astype(stored), array):
            raise UnsupportedValueError("a long that needs more than 4 bytes; write the file with longs of 8")
        self.file.write(np.ascontiguousarray(array, stored).data)

    def _write(self, form: str, *values: float) -> None:
        try:
            self.file.write(pack(form, *values))
        except error:
            numbers = ", ".join(map(str, values))
            raise UnsupportedValueError(f"{numbers}: too large for whole numbers of C") from None
