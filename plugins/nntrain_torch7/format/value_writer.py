"""The values that a .t7 file is a sequence of, on their way into one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import IO, Any

from numpy.typing import NDArray

__all__ = ["ValueWriter"]


class ValueWriter(ABC):
    """Where values are written to. Every method raises UnwritableError for a whole number too large for its type."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    @abstractmethod
    def write_int(self, value: int) -> None:
        """An int of C."""

    @abstractmethod
    def write_longs(self, values: Sequence[int]) -> None:
        """Longs of C."""

    @abstractmethod
    def write_double(self, value: float) -> None:
        """A number."""

    @abstractmethod
    def write_string(self, text: bytes) -> None:
        """The characters of a string."""

    @abstractmethod
    def write_elements(self, array: NDArray[Any]) -> None:
        """The elements of a storage, an array of one axis."""
