"""The ascii format: numbers as text; strings and bytes unchanged."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.value_reader import ValueReader

# Maximum length of a number, and number of bytes that are converted at a time.
MAX_TOKEN_LENGTH = 40
CHUNK_SIZE = 1 << 16

WHITESPACE = b" \t\r\n"
_TOKEN = re.compile(rb"[ \t\r\n]*+([^ \t\r\n]{1,%d}+)(?=[ \t\r\n])" % MAX_TOKEN_LENGTH)
_INTEGER = re.compile(rb"[+-]?[0-9]+")
_NUMERIC = b"0123456789+-.eEnaifNAIF" + WHITESPACE


class AsciiReader(ValueReader):
    """Numbers end in whitespace; before bytes, in exactly one newline."""

    smallest_object = 2

    def read_int(self) -> int:
        """Read a C int."""
        return self._read_integer(31)

    def read_long(self) -> int:
        """Read a C long, as 8 bytes, independent of its size on the machine that wrote the file."""
        return self._read_integer(63)

    def read_double(self) -> float:
        """Read a number, which may be nan or inf."""
        token = self._read_token()
        return float(self._convert([token], np.dtype(np.float64))[0])

    def read_string(self, count: int) -> bytes:
        """Read the ``count`` characters of a string, and the newline after them unless there are none."""
        text = self.read_bytes(count)
        if count:
            self._skip_newline()
        return text

    def read_elements(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """Read the ``count`` elements of a storage; bytes are unchanged."""
        if dtype.itemsize == 1:
            return np.frombuffer(self.read_string(count), dtype).copy()
        if not 0 <= 2 * count - 1 <= self.remaining and count:
            self.fail(f"expected {count} numbers, {self.remaining} bytes remain")
        array = np.empty(count, dtype)
        done = 0
        while done < count:
            tokens = self._read_tokens(count - done)
            array[done : done + len(tokens)] = self._convert(tokens, dtype)
            done += len(tokens)
        return array

    def check_end(self) -> None:
        """Fail if anything but whitespace follows."""
        rest = self.data[self.at :].strip(WHITESPACE)
        if rest:
            self.fail(f"{len(rest)} bytes follow the object; expected one object")

    def _read_token(self) -> bytes:
        found = _TOKEN.match(self.data, self.at)
        if found is None:
            self.fail("expected a number and whitespace after it")
        self.at = found.end()
        self._skip_newline()
        return found[1]

    def _skip_newline(self) -> None:
        if self.data[self.at : self.at + 1] == b"\n":
            self.at += 1

    def _read_integer(self, bits: int) -> int:
        before = self.at
        token = self._read_token()
        if not _INTEGER.fullmatch(token) or not -(1 << bits) <= int(token) < 1 << bits:
            self.at = before
            self.fail(f"{token.decode('latin-1')!a} is not an integer of {bits + 1} bits")
        return int(token)

    def _read_tokens(self, count: int) -> list[bytes]:
        """Read one or more of the next ``count`` numbers, at most a chunk of them."""
        chunk = self.data[self.at : self.at + min(CHUNK_SIZE, MAX_TOKEN_LENGTH * count)]
        # Without whitespace after it, a number may continue after the chunk, or the file is truncated.
        chunk = chunk[: max(chunk.rfind(space) for space in (b" ", b"\n")) + 1]
        tokens = chunk.split(None, count)
        self.at += len(chunk)
        if len(tokens) > count:
            self.at -= len(tokens.pop())
        if not tokens:
            self.fail("expected more numbers")
        return tokens

    def _convert(self, tokens: list[bytes], dtype: np.dtype[Any]) -> NDArray[Any]:
        try:
            if any(token.translate(None, _NUMERIC) for token in tokens):
                raise ValueError
            if dtype.kind == "i":
                return np.array([int(token) for token in tokens], dtype)
            with np.errstate(over="raise"):
                return np.array([float(token) for token in tokens], np.float64).astype(dtype)
        except (ValueError, OverflowError, FloatingPointError):
            self.fail(f"the {len(tokens)} numbers before this byte are not all of type {dtype}")
