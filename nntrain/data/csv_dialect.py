"""How a CSV file is written: delimiter, compression, and the names in its first line."""

from __future__ import annotations

import csv
import gzip
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nntrain.errors import DataError

__all__ = ["CsvDialect"]

DELIMITERS = (",", ";", "\t", "|")
GZIP = b"\x1f\x8b"

# Lines that are looked at to tell the delimiter.
SAMPLE = 100


@dataclass(frozen=True)
class CsvDialect:
    """A CSV file with quotes after RFC 4180 and any delimiter.

    The delimiter is told from the header, which DuckDB's sniffer does not trust: it would rather call a table with
    one short line a table of one column, and the user would never see the number of that line.
    """

    path: Path
    delimiter: str
    names: tuple[str, ...]
    compressed: bool

    @classmethod
    def of(cls, path: Path, delimiter: str | None = None) -> CsvDialect:
        """Read the first lines. DataError if they are no header."""
        compressed = is_gzip(path)
        sample = sample_of(path, compressed)
        if not sample:
            raise DataError(f"{path}: the file is empty; expected a line with the names of the columns, then rows")
        try:
            delimiter = spelled(path, delimiter) if delimiter else sniff(path, sample)
            names = tuple(name.strip() for name in next(csv.reader(sample, delimiter=delimiter)))
        except csv.Error as error:
            raise DataError(f"{path}: line 1: expected the names of the columns: {error}") from None
        check_names(path, names)
        return cls(path, delimiter, names, compressed)

    def lines(self) -> Iterator[str]:
        """The lines of the file; bytes that are no UTF-8 become U+FFFD."""
        with open_text(self.path, self.compressed) as file:
            yield from file

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with the number of the line on which it ends. The header is the first; blank lines are none."""
        reader = csv.reader(self.lines(), delimiter=self.delimiter)
        for record in reader:
            if record or len(self.names) == 1:
                yield reader.line_num, record


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip files do, whatever its name."""
    with open(path, "rb") as file:
        return file.read(2) == GZIP


def open_text(path: Path, compressed: bool) -> IO[str]:
    """The file as text; a byte order mark is no part of it."""
    if compressed:
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return open(path, encoding="utf-8-sig", errors="replace", newline="")


def sample_of(path: Path, compressed: bool) -> list[str]:
    """The first lines, blank ones left out. DataError if the file is not text."""
    try:
        with open_text(path, compressed) as file:
            head = list(itertools.islice(file, SAMPLE))
    except (OSError, EOFError) as error:
        raise DataError(f"{path}: the compressed file is damaged ({error}); make or download it again") from error
    lines = [line for line in head if line.strip()]
    if lines and not head[0].strip():
        raise DataError(f"{path}: line 1 is blank; expected the names of the columns")
    if lines and ("\0" in lines[0] or "\ufffd" in lines[0]):
        raise DataError(
            f"{path}: line 1 is not text in UTF-8; expected a CSV file saved as UTF-8, Parquet, JSON or HDF5"
        )
    return lines


def spelled(path: Path, delimiter: str) -> str:
    """The delimiter that a user wrote; a tab may be written as a backslash and a t."""
    letter = "\t" if delimiter == r"\t" else delimiter
    if len(letter) != 1 or not letter.isascii() or letter in '"\r\n':
        raise DataError(f"{path}: expected a delimiter of one ASCII letter, got {delimiter!r}")
    return letter


def sniff(path: Path, lines: list[str]) -> str:
    """The delimiter with which the most lines have as many fields as the header, and the header has the most fields.

    DataError if it parts all lines but the first ones, which are a title or comments then.
    """
    found = max(DELIMITERS, key=lambda delimiter: agreement(lines, delimiter))
    if not agreement(lines, found)[0]:
        for delimiter in DELIMITERS:
            check_title(path, lines, delimiter)
    return found


def check_title(path: Path, lines: list[str], delimiter: str) -> None:
    """DataError if a delimiter that is not in the first line parts most of the others alike."""
    widths = widths_of(lines, delimiter)
    width = widths[-1]
    alike = widths.count(width)
    if width > 1 and alike > 1 and widths[-alike:] == [width] * alike and alike > len(widths) / 2:
        got = f"got {lines[0].strip()!r} above lines of {width} columns"
        raise DataError(f"{path}: line 1: expected the names of the columns, {got}; take out what stands before them")


def agreement(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    """How well ``delimiter`` fits: whether it parts the header, the share of lines as wide as it, its width."""
    widths = widths_of(lines, delimiter)
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


def widths_of(lines: list[str], delimiter: str) -> list[int]:
    """How many fields each record has."""
    return [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]


def check_names(path: Path, names: tuple[str, ...]) -> None:
    """DataError unless every column has a name of its own."""
    for number, name in enumerate(names, start=1):
        if not name:
            raise DataError(f"{path}: line 1: column {number} of {len(names)} has no name; give it one")
        if name in names[: number - 1]:
            first = names.index(name) + 1
            raise DataError(f"{path}: line 1: columns {first} and {number} are both named {name!r}; rename one of them")
        if is_measurement(name):
            raise DataError(
                f"{path}: line 1: expected the names of the columns, got the value {name!r}; add a header line"
            )


def is_measurement(name: str) -> bool:
    """Whether a name is a number with a point: 5.1 is a value, while 7 may name a pixel."""
    try:
        float(name)
    except ValueError:
        return False
    return "." in name
