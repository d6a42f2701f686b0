"""The text of a CSV file: compression, encoding and line ends."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from nntrain.data.readers.data_file import DataFile
from nntrain.errors import DataError

# The longer marks first: that of UTF-32 starts with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

BLOCK_SIZE = 2**20

# Maximum length of a line and a cell: a longer one is not from a table, and takes several times as much memory.
MAX_LINE_LENGTH = 2**26

# Text in any encoding lacks these. Sparse files and compressed ones may consist of them.
NULL_BYTES = bytes(4096)
NOT_TEXT_MESSAGE = "not a text file, it has null characters; expected CSV, Parquet, JSON or HDF5"
ZERO, NINE, POINT = b"09."


@dataclass(frozen=True)
class CsvText:
    """A text file whose bytes were inspected once.

    ``encoding``: its name in Python. ``is_guessed``: whether it was inferred from bytes that are not UTF-8.
    ``line_ends``: those that occur. ``has_special_digits``: whether a cell may start with a 0 and another digit, or
    have an underscore between digits.
    """

    file: DataFile
    encoding: str
    is_guessed: bool
    line_ends: frozenset[str]
    has_special_digits: bool
    max_line_length: int

    @classmethod
    def inspect(cls, source: DataFile, encoding: str | None = None) -> Self:
        """Inspect all bytes. DataError if they are not text, or invalid in the given encoding."""
        path = source.path
        try:
            facts = TextFacts()
            with source.open_binary() as file:
                while block := file.read(BLOCK_SIZE):
                    if b"\0" in block and NULL_BYTES in block:
                        raise DataError(f"{path}: {NOT_TEXT_MESSAGE}")
                    facts.add(block)
                    if facts.unbroken > MAX_LINE_LENGTH:
                        raise DataError(
                            f"{path}: a line of more than {MAX_LINE_LENGTH:,} bytes; expected a line for each row"
                        )
        except (OSError, EOFError) as error:
            raise DataError(f"{path}: the compressed file is corrupt ({error}); create or download it again") from error
        found = encoding or facts.infer_encoding()
        if found is None:
            raise DataError(f"{path}: {NOT_TEXT_MESSAGE}")
        guessed = encoding is None and facts.declared_encoding is None and not facts.is_utf8
        text = cls(source, found, guessed, facts.line_ends, facts.digits, facts.longest)
        if not facts.is_utf8 or encoding is not None:
            text.check()
        return text

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB can read the text itself: UTF-8 with one kind of line end."""
        return self.encoding.replace("_", "-").lower() in ("utf-8", "utf8", "ascii") and len(self.line_ends) <= 1

    @property
    def path(self) -> Path:
        """The file, for messages."""
        return self.file.path

    def iterate_lines(self) -> Iterator[str]:
        """Yield the lines with their line ends, without a byte order mark.

        DataError, with the number of the line, for bytes of another encoding.
        """
        encoding = "utf-8-sig" if self.encoding.lower() in ("utf-8", "utf8") else self.encoding
        try:
            with self.file.open_binary() as file:
                yield from io.TextIOWrapper(file, encoding, errors="strict", newline="")
        except UnicodeDecodeError as error:
            raise self._build_decode_error() from error

    def check(self) -> None:
        """DataError unless all of the text can be decoded and has no null characters."""
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            expected = "expected an encoding such as 'utf-8' or 'latin-1'"
            raise DataError(f"{self.path}: data.encoding: {expected}, got {self.encoding!r}") from None
        for number, line in enumerate(self.iterate_lines(), start=1):
            if "\0" in line:
                raise DataError(f"{self.path}: line {number}: expected text, got a null character")

    def _build_decode_error(self) -> DataError:
        """Build the error that names the first line with bytes of another encoding."""
        name = "UTF-8" if self.encoding == "utf-8" else self.encoding
        with self.file.open_binary() as file:
            line = next(
                (number for number, line in enumerate(file, start=1) if not is_decodable(line, self.encoding)), 1
            )
        return DataError(f"{self.path}: line {line}: not text in {name}; save the file as UTF-8, or set data.encoding")


def is_decodable(line: bytes, encoding: str) -> bool:
    """Whether bytes are valid in an encoding."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class TextFacts:
    """Facts about the text, collected from the bytes block by block; rare ones are searched only if possible."""

    def __init__(self) -> None:
        self.head = b""
        self.is_utf8 = True
        self.multibyte = False
        self.windows = False
        self.digits = False
        self.longest = 0
        self.unbroken = 0
        self.line_ends: frozenset[str] = frozenset()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._zeros = [0, 0]
        self._before = b"\n\n"
        self._size = 0
        self._open = 0

    def add(self, block: bytes) -> None:
        """Add the next bytes."""
        self.head = self.head or block[:4]
        if not block.isascii() or self._decoder.getstate()[0]:
            self._decode(block)
        if b"\0" in block:
            data = np.frombuffer(block, np.uint8)
            for parity in (0, 1):
                self._zeros[(self._size + parity) % 2] += int(np.count_nonzero(data[parity::2] == 0))
        together = self._before + block
        self.line_ends |= find_line_ends(together)
        self.digits = self.digits or has_special_digits(together)
        self._measure(block)
        self._before = together[-2:]
        self._size += len(block)

    @property
    def declared_encoding(self) -> str | None:
        """The encoding that the byte order mark declares."""
        return next((encoding for mark, encoding in BYTE_ORDER_MARKS if self.head.startswith(mark)), None)

    def infer_encoding(self) -> str | None:
        """Infer the encoding; None for bytes that are not text."""
        if self.declared_encoding is not None:
            return self.declared_encoding
        even, odd = self._zeros
        if even or odd:
            # In UTF-16, every second byte of Latin letters is 0.
            if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 4 > self._size:
                return "utf-16-le" if odd > even else "utf-16-be"
            return None
        if self.is_utf8 or self.multibyte:
            return "utf-8"
        return "cp1252" if self.windows else "latin-1"

    def _decode(self, block: bytes) -> None:
        """Decode the text as UTF-8 up to the first error; after multibyte characters, the file is malformed UTF-8."""
        if not self.windows:
            data = np.frombuffer(block, np.uint8)
            self.windows = bool(((data >= 0x80) & (data < 0xA0)).any())
        if not self.is_utf8:
            return
        try:
            self._decoder.decode(block)
            self.multibyte = True
        except UnicodeDecodeError as error:
            self.is_utf8 = False
            self.multibyte = self.multibyte or not block[: error.start].isascii()

    def _measure(self, block: bytes) -> None:
        """Measure the longest line that ends in the block or spans it: lines inside a block are short."""
        first, last = block.find(b"\n"), block.rfind(b"\n")
        end = max(last, block.rfind(b"\r"))
        self.unbroken = self.unbroken + len(block) if end < 0 else len(block) - end
        self._open += len(block) if first < 0 else first
        self.longest = max(self.longest, self._open, last - first)
        if first >= 0:
            self._open = len(block) - last


def find_line_ends(text: bytes) -> frozenset[str]:
    """Return the line ends that occur after the first two bytes, the last ones of the previous block."""
    if b"\r" not in text:
        return frozenset("\n" if b"\n" in text[2:] else "")
    # A return at the end may be half of a pair, whose other half is in the next block.
    pairs, returns, feeds = text.count(b"\r\n", 1), text.count(b"\r", 1, len(text) - 1), text.count(b"\n", 2)
    counts = {"\r\n": pairs, "\n": feeds - pairs, "\r": returns - pairs}
    return frozenset(end for end, count in counts.items() if count > 0)


def has_special_digits(text: bytes) -> bool:
    """Whether a cell may start with 0 and another digit, or have an underscore between digits: 007 and 1_000."""
    data = np.frombuffer(text, np.uint8)
    zeros = np.flatnonzero(data[1:-1] == ZERO)
    before, after = data[zeros], data[zeros + 2]
    if (find_digits(after) & ~find_digits(before) & (before != POINT)).any():
        return True
    return b"_" in text and re.search(rb"[0-9]_[0-9]", text) is not None


def find_digits(data: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return the mask of the bytes 0 to 9."""
    return (data >= ZERO) & (data <= NINE)
