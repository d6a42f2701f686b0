"""The text of a CSV file: compression, encoding and line ends."""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias, cast

import numpy as np

from nntrain.errors import DataError

__all__ = ["CsvText", "is_gzip"]

GZIP = b"\x1f\x8b"

# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

BLOCK = 2**20
ZERO, NINE, SCORE, POINT, LINE_END = b"09_.\n"

Bytes: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class CsvText:
    """A file of text, whose bytes were looked at once.

    ``encoding``: as Python names it. ``guessed``: whether it was told from bytes that are not UTF-8. ``line_ends``:
    those that occur. ``digits``: whether a cell may begin with a 0 and another digit, or have a digit on both sides of
    an underscore.
    """

    path: Path
    compressed: bool
    encoding: str
    guessed: bool
    line_ends: frozenset[str]
    digits: bool
    longest: int

    @classmethod
    def of(cls, path: Path, encoding: str | None = None) -> CsvText:
        """Look at all bytes. DataError if they are not text, or not in the given encoding."""
        compressed = is_gzip(path)
        try:
            facts = Facts()
            with open_bytes(path, compressed) as file:
                while block := file.read(BLOCK):
                    facts.add(block)
        except (OSError, EOFError) as error:
            raise DataError(f"{path}: the compressed file is corrupt ({error}); make or download it again") from error
        told = encoding or facts.encoding()
        if told is None:
            raise DataError(f"{path}: not a text file, it has null characters; expected CSV, Parquet, JSON or HDF5")
        guessed = encoding is None and facts.marked is None and not facts.is_utf8
        found = cls(path, compressed, told, guessed, facts.line_ends(), facts.digits, facts.longest)
        if not facts.is_utf8 or encoding is not None:
            found.check()
        return found

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB reads the text as it is: in UTF-8, with one kind of line end."""
        return self.encoding.replace("_", "-").lower() in ("utf-8", "utf8", "ascii") and len(self.line_ends) <= 1

    def open(self) -> IO[str]:
        """The text, its line ends as they are; a byte order mark is not part of it."""
        encoding = "utf-8-sig" if self.encoding.lower() in ("utf-8", "utf8") else self.encoding
        return io.TextIOWrapper(open_bytes(self.path, self.compressed), encoding, errors="strict", newline="")

    def lines(self) -> Iterator[str]:
        """The lines of the file. DataError, with the number of the line, for bytes of another encoding."""
        try:
            with self.open() as file:
                yield from file
        except UnicodeDecodeError as error:
            raise self._undecodable() from error

    def check(self) -> None:
        """DataError unless all of the text can be decoded, and has no character that text does not have."""
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            expected = "expected an encoding such as 'utf-8' or 'latin-1'"
            raise DataError(f"{self.path}: data.encoding: {expected}, got {self.encoding!r}") from None
        for number, line in enumerate(self.lines(), start=1):
            if "\0" in line:
                raise DataError(f"{self.path}: line {number}: expected text, got a null character")

    def _undecodable(self) -> DataError:
        """The first line with bytes of another encoding, as far as bytes have lines."""
        name = "UTF-8" if self.encoding == "utf-8" else self.encoding
        with open_bytes(self.path, self.compressed) as file:
            line = next((number for number, line in enumerate(file, start=1) if not is_in(line, self.encoding)), 1)
        return DataError(f"{self.path}: line {line}: not text in {name}; save the file as UTF-8, or set data.encoding")


def is_in(line: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class Facts:
    """What the bytes of a file tell, block by block."""

    def __init__(self) -> None:
        self.head = b""
        self.is_utf8 = True
        self.longest = 0
        self.multibyte = False
        self.digits = False
        self.windows = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._ends = {"\r\n": 0, "\n": 0, "\r": 0}
        self._zeros = [0, 0]
        self._before = b"\n\n"
        self._size = 0
        self._open = 0

    def add(self, block: bytes) -> None:
        """Look at the next bytes."""
        self.head = self.head or block[:4]
        if self.is_utf8:
            self._decode(block)
        data = np.frombuffer(block, np.uint8)
        self.windows = self.windows or bool(((data >= 0x80) & (data < 0xA0)).any())
        for parity in (0, 1):
            self._zeros[(self._size + parity) % 2] += int(np.count_nonzero(data[parity::2] == 0))
        pairs = block.count(b"\r\n") + (self._before[-1:] == b"\r" and block[:1] == b"\n")
        self._ends["\r\n"] += pairs
        self._ends["\n"] += block.count(b"\n") - pairs
        self._ends["\r"] += block.count(b"\r") - pairs
        self.digits = self.digits or suspicious(np.frombuffer(self._before + block, np.uint8))
        self._measure(data)
        self._before = (self._before + block)[-2:]
        self._size += len(block)

    def _measure(self, data: Bytes) -> None:
        """Note the longest line."""
        ends = np.flatnonzero(data == LINE_END)
        if not len(ends):
            self._open += len(data)
        else:
            between = int(np.diff(ends).max()) if len(ends) > 1 else 0
            self.longest = max(self.longest, self._open + int(ends[0]), between)
            self._open = len(data) - int(ends[-1])
        self.longest = max(self.longest, self._open)

    def line_ends(self) -> frozenset[str]:
        """The kinds of line ends that occur."""
        return frozenset(end for end, count in self._ends.items() if count > 0)

    @property
    def marked(self) -> str | None:
        """The encoding that a byte order mark names."""
        return next((encoding for mark, encoding in MARKS if self.head.startswith(mark)), None)

    def encoding(self) -> str | None:
        """The encoding that the bytes suggest; None for what is not text."""
        if self.marked is not None:
            return self.marked
        even, odd = self._zeros
        if even or odd:
            # Of Latin letters in UTF-16 every second byte is 0.
            if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 4 > self._size:
                return "utf-16-le" if odd > even else "utf-16-be"
            return None
        if self.is_utf8 or self.multibyte:
            return "utf-8"
        return "cp1252" if self.windows else "latin-1"

    def _decode(self, block: bytes) -> None:
        """Follow the text as UTF-8, up to the first fault. Behind letters in UTF-8, that is a fault in such a file."""
        try:
            self._decoder.decode(block)
            self.multibyte = self.multibyte or not block.isascii()
        except UnicodeDecodeError as error:
            self.is_utf8 = False
            self.multibyte = self.multibyte or not block[: error.start].isascii()


def suspicious(data: Bytes) -> bool:
    """Whether a cell may begin with 0 and another digit, or have an underscore among digits: 007 and 1_000."""
    is_digit = (data >= ZERO) & (data <= NINE)
    zeros = np.flatnonzero(data[1:-1] == ZERO)
    fraction = data[zeros] == POINT
    scores = np.flatnonzero(data[1:-1] == SCORE)
    return bool(
        (is_digit[zeros + 2] & ~is_digit[zeros] & ~fraction).any() or (is_digit[scores + 2] & is_digit[scores]).any()
    )


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip files do, whatever its name."""
    with open(path, "rb") as file:
        return file.read(2) == GZIP


def open_bytes(path: Path, compressed: bool) -> BinaryIO:
    """The bytes of the file, decompressed."""
    return cast(BinaryIO, gzip.open(path, "rb")) if compressed else open(path, "rb")
