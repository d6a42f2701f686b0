"""The base of the readers of values in a .t7 file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.errors import CorruptFileError


class ValueReader(ABC):
    """The bytes of a file and the current position. Every method raises CorruptFileError for invalid values."""

    smallest_object: ClassVar[int]
    """The minimum size of an object in bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def remaining(self) -> int:
        """The number of bytes that are not read yet."""
        return len(self.data) - self.at

    def fail(self, what: str) -> NoReturn:
        """Raise CorruptFileError at the current position."""
        raise CorruptFileError(self.at, what)

    def read_bytes(self, count: int) -> bytes:
        """Read the next ``count`` bytes."""
        if not 0 <= count <= self.remaining:
            self.fail(f"expected {count} bytes, {self.remaining} remain")
        self.at += count
        return self.data[self.at - count : self.at]

    @abstractmethod
    def read_int(self) -> int:
        """Read a C int."""

    @abstractmethod
    def read_long(self) -> int:
        """Read a C long."""

    @abstractmethod
    def read_double(self) -> float:
        """Read a number."""

    @abstractmethod
    def read_string(self, count: int) -> bytes:
        """Read the ``count`` characters of a string."""

    @abstractmethod
    def read_elements(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """Read the ``count`` elements of a storage into a new array."""

    @abstractmethod
    def check_end(self) -> None:
        """Fail if anything follows."""
