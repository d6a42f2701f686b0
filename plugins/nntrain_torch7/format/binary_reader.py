"""The binary format: a sequence of numbers in machine format."""

from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.value_reader import ValueReader


class BinaryReader(ValueReader):
    """``long_size``: 8 or 4 bytes; ``order``: "<" or ">", as on the machine that wrote the file."""

    smallest_object = 4

    def __init__(self, data: bytes, *, long_size: int = 8, order: str = "<") -> None:
        super().__init__(data)
        self._order = order
        self._int = Struct(f"{order}i")
        self._long = Struct(f"{order}q" if long_size == 8 else f"{order}i")
        self._double = Struct(f"{order}d")

    def read_int(self) -> int:
        """Read a C int, 4 bytes."""
        return int(self._unpack(self._int))

    def read_long(self) -> int:
        """Read a C long, 8 or 4 bytes."""
        return int(self._unpack(self._long))

    def read_double(self) -> float:
        """Read a double, 8 bytes."""
        return float(self._unpack(self._double))

    def read_string(self, count: int) -> bytes:
        """Read the ``count`` characters of a string."""
        return self.read_bytes(count)

    def read_elements(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """Read the ``count`` elements of a storage; longs have ``long_size`` bytes."""
        kind = f"i{self._long.size}" if dtype == np.int64 else dtype.str[1:]
        stored = np.dtype(f"{self._order}{kind}")
        self._require(count, stored.itemsize)
        array = np.frombuffer(self.data, stored, count, self.at).astype(dtype)
        self.at += count * stored.itemsize
        return array

    def check_end(self) -> None:
        """Fail if anything follows."""
        if self.remaining:
            self.fail(f"{self.remaining} bytes follow the object; expected one object")

    def _unpack(self, form: Struct) -> Any:
        self._require(1, form.size)
        self.at += form.size
        return form.unpack_from(self.data, self.at - form.size)[0]

    def _require(self, count: int, size: int) -> None:
        if not 0 <= count * size <= self.remaining:
            self.fail(f"expected {count} values of {size} bytes, {self.remaining} bytes remain")
