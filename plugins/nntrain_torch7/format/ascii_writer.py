"""The ascii format: numbers as text, each group on a line; strings and bytes unchanged."""

from collections.abc import Sequence
from math import copysign
from typing import IO, Any

from numpy.typing import NDArray

from nntrain_torch7.format.errors import UnsupportedValueError

# Number of elements that are converted to text at a time.
CHUNK_SIZE = 1 << 14


class AsciiWriter:
    """Writes every number so that it reads as the same number. UnsupportedValueError for an integer that is too large.

    It has the methods of BinaryWriter.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write_int(self, value: int) -> None:
        self._check(value, 31)
        self.file.write(b"%d\n" % value)

    def write_longs(self, values: Sequence[int]) -> None:
        """Write C longs on one line; nothing if there are none."""
        for value in values:
            self._check(value, 63)
        if values:
            self.file.write(b"%s\n" % " ".join(map(str, values)).encode())

    def write_double(self, value: float) -> None:
        self.file.write(b"%s\n" % format_sign(f"{value:.17g}", value).encode())

    def write_string(self, text: bytes) -> None:
        """Write the characters of a string, and a newline unless there are none."""
        if text:
            self.file.write(text + b"\n")

    def write_elements(self, array: NDArray[Any]) -> None:
        """Write the elements of a storage on one line; bytes are unchanged."""
        if array.itemsize == 1:
            return self.write_string(array.tobytes())
        form = {"i": "%d", "f": "%.17g" if array.itemsize == 8 else "%.9g"}[array.dtype.kind]
        for start in range(0, array.size, CHUNK_SIZE):
            piece = array[start : start + CHUNK_SIZE]
            text = " ".join(format_sign(form % value, value) for value in piece.tolist())
            self.file.write(text.encode() + (b" " if start + CHUNK_SIZE < array.size else b"\n"))
        return None

    def _check(self, value: int, bits: int) -> None:
        if not -(1 << bits) <= value < 1 << bits:
            raise UnsupportedValueError(f"{value}: too large for a C integer")


def format_sign(text: str, value: float) -> str:
    """Add the sign of a nan, as in C; Python omits it."""
    return "-nan" if text == "nan" and copysign(1, value) < 0 else text
