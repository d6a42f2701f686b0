"""The values that a .t7 file is a sequence of, whatever form they are written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.corrupt_file_error import CorruptFileError

__all__ = ["ValueReader"]


class ValueReader(ABC):
    """The bytes of a file and how far they are read. Every method raises DamageError for what cannot be."""

    smallest_object: ClassVar[int]
    """The fewest bytes that an object takes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def remaining(self) -> int:
        """The bytes that are not read yet."""
        return len(self.data) - self.at

    def fail(self, what: str) -> NoReturn:
        """Say that something is wrong here."""
        raise CorruptFileError(self.at, what)

    def read_bytes(self, count: int) -> bytes:
        """The next ``count`` bytes as they are."""
        if not 0 <= count <= self.remaining:
            self.fail(f"{count} bytes are announced, {self.remaining} are left")
        self.at += count
        return self.data[self.at - count : self.at]

    @abstractmethod
    def read_int(self) -> int:
        """An int of C."""

    @abstractmethod
    def read_long(self) -> int:
        """A long of C."""

    @abstractmethod
    def read_double(self) -> float:
        """A number."""

    @abstractmethod
    def read_string(self, count: int) -> bytes:
        """The ``count`` characters of a string."""

    @abstractmethod
    def read_elements(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """The ``count`` elements of a storage, in an array of their own."""

    @abstractmethod
    def check_end(self) -> None:
        """Fail if something follows."""
