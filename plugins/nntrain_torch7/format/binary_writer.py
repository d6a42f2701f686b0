"""The binary format, in little endian."""

from collections.abc import Sequence
from struct import error, pack
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.errors import UnsupportedValueError


class BinaryWriter:
    """``long_size``: 8 or 4 bytes. Every method raises UnsupportedValueError for an integer too large for its type."""

    def __init__(self, file: IO[bytes], *, long_size: int = 8) -> None:
        self.file = file
        self._long = "q" if long_size == 8 else "i"

    def write_int(self, value: int) -> None:
        """Write a C int, 4 bytes."""
        self._write("<i", value)

    def write_longs(self, values: Sequence[int]) -> None:
        """Write C longs."""
        self._write(f"<{len(values)}{self._long}", *values)

    def write_double(self, value: float) -> None:
        """Write a double, 8 bytes."""
        self._write("<d", value)

    def write_string(self, text: bytes) -> None:
        """Write the characters of a string."""
        self.file.write(text)

    def write_elements(self, array: NDArray[Any]) -> None:
        """Write the elements of a storage; longs have ``long_size`` bytes."""
        stored = np.dtype(f"<{self._long}") if array.dtype == np.int64 else array.dtype.newbyteorder("<")
        if stored.itemsize < array.itemsize and not np.array_equal(array.astype(stored), array):
            raise UnsupportedValueError("a long of more than 4 bytes; use long_size=8")
        self.file.write(np.ascontiguousarray(array, stored).data)

    def _write(self, form: str, *values: float) -> None:
        try:
            self.file.write(pack(form, *values))
        except error:
            numbers = ", ".join(map(str, values))
            raise UnsupportedValueError(f"{numbers}: too large for a C integer") from None
