"""The base of the readers of values in a .t7 file."""

from typing import ClassVar, NoReturn

from nntrain_torch7.format.errors import CorruptFileError


class ValueReader:
    """The bytes of a file and the current position. CorruptFileError for invalid values."""

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
