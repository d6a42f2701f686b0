"""The base of the writers of values in a .t7 file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import IO, Any

from numpy.typing import NDArray


class ValueWriter(ABC):
    """A file to write values to. Every method raises UnsupportedValueError for an integer too large for its type."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    @abstractmethod
    def write_int(self, value: int) -> None:
        """Write a C int."""

    @abstractmethod
    def write_longs(self, values: Sequence[int]) -> None:
        """Write C longs."""

    @abstractmethod
    def write_double(self, value: float) -> None:
        """Write a number."""

    @abstractmethod
    def write_string(self, text: bytes) -> None:
        """Write the characters of a string."""

    @abstractmethod
    def write_elements(self, array: NDArray[Any]) -> None:
        """Write the elements of a storage, an array of one axis."""
