"""How a CSV file is written: its text, its delimiter, and the names of its columns."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.csv.csv_header import has_header, read_column_names
from nntrain.data.readers.csv.csv_text import MAX_LINE_LENGTH, CsvText
from nntrain.errors import DataError

__all__ = ["SPACES", "CsvDialect", "parse_records"]

# Of the unusual ones, each is tried only where none of the usual parts the header.
DELIMITERS = (",", ";", "\t", "|")
UNUSUAL_DELIMITERS = ("~", ":", "^", "\x1f", "\x01")

# Any run of spaces and tabs.
SPACES = " "

# What a spreadsheet writes into the first line to say what the delimiter is.
DELIMITER_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

# Lines that are looked at to tell the delimiter.
SAMPLE_LINES = 100

csv.field_size_limit(MAX_LINE_LENGTH)


@dataclass(frozen=True)
class CsvDialect:
    """A CSV file with quotes after RFC 4180 and any delimiter.

    ``names``: those of all columns, None for one that is dropped. ``header``: whether the file has names. ``skipped``:
    the lines before them. ``notes``: for the user.

    The delimiter is told from the header, which DuckDB's sniffer does not trust: it would rather call a table with
    one short line a table of one column, and the user would never see the number of that line.
    """

    text: CsvText
    delimiter: str
    names: tuple[str | None, ...]
    header: bool
    skipped: int
    notes: tuple[str, ...]

    @classmethod
    def detect(cls, path: Path, options: FileOptions | None = None) -> CsvDialect:
        """Read the first lines. DataError if they are not a header, unless the options say that there is none."""
        options = options or FileOptions()
        text = CsvText.inspect(path, options.encoding)
        lines, stated = read_sample(text)
        if not lines:
            raise DataError(f"{path}: the file is empty; expected a line with the names of the columns, then rows")
        given = parse_delimiter(path, options.delimiter) if options.delimiter else stated
        try:
            delimiter = given or infer_delimiter(path, lines)
            records = [record for _, record in parse_records(lines, delimiter) if record]
        except csv.Error as error:
            raise DataError(f"{path}: line 1: expected the names of the columns: {error}") from None
        header = has_header(path, records) if options.header is None else options.header
        names, dropped = read_column_names(path, records, header=header)
        notes = [*build_encoding_notes(text), *dropped]
        return cls(text, delimiter, names, header, 0 if stated is None else 1, tuple(notes))

    @property
    def path(self) -> Path:
        """The file, for messages."""
        return self.text.path

    def iterate_records(self, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Every record with the number of the line on which it ends; blank lines are none.

        The header, if there is one, is the first. csv.Error for quotes that are wrong.
        """
        lines = itertools.islice(self.text.iterate_lines(), self.skipped, None)
        for line, record in parse_records(lines, self.delimiter, strict=strict):
            if record or len(self.names) == 1:
                yield line + self.skipped, record

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB reads the file as it is."""
        return self.text.is_plain and self.delimiter != SPACES and not self.skipped


def parse_records(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The fields of each record, with the number of the line on which it ends."""
    if delimiter == SPACES:
        lines = (line.replace("\t", " ").strip() for line in lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == SPACES, strict=strict)
    for record in reader:
        yield reader.line_num, record


def read_sample(text: CsvText) -> tuple[list[str], str | None]:
    """The first lines, blank ones excluded, and the delimiter that the first one states. DataError for a blank one."""
    head = list(itertools.islice(text.iterate_lines(), SAMPLE_LINES))
    stated = DELIMITER_LINE.fullmatch(head[0]) if head else None
    if stated:
        head = head[1:]
    lines = [line for line in head if line.strip()]
    if lines and not head[0].strip():
        raise DataError(f"{text.path}: line 1 is blank; expected the names of the columns")
    return lines, stated[1] if stated else None


def build_encoding_notes(text: CsvText) -> list[str]:
    """What to say of an encoding that was told from the bytes."""
    if not text.is_guessed:
        return []
    return [f"{text.path}: not UTF-8, read as {text.encoding}; another one: --set 'data.encoding=\"...\"'"]


def parse_delimiter(path: Path, delimiter: str) -> str:
    """The delimiter that a user wrote; a tab may be written as a backslash and a t."""
    letter = "\t" if delimiter == r"\t" else delimiter
    if len(letter) != 1 or not letter.isascii() or letter in '"\r\n':
        raise DataError(f"{path}: expected a single ASCII character as delimiter, got {delimiter!r}")
    return letter


def infer_delimiter(path: Path, lines: list[str]) -> str:
    """The delimiter with which the most lines have as many fields as the header, and the header has the most fields.

    DataError if it parts all lines but the first ones, which are a title or comments then.
    """
    found = max(DELIMITERS, key=lambda delimiter: score_delimiter(lines, delimiter))
    if score_delimiter(lines, found)[0]:
        return found
    for delimiter in DELIMITERS:
        check_delimiter(path, lines, delimiter)
    unusual = max(UNUSUAL_DELIMITERS, key=lambda delimiter: score_delimiter(lines, delimiter))
    if score_delimiter(lines, unusual)[:2] == (True, 1.0):
        return unusual
    return SPACES if is_space_delimited(lines) else found


def is_space_delimited(lines: list[str]) -> bool:
    """Whether spaces part every line alike, and some column is of numbers: texts have spaces too."""
    records = [record for _, record in parse_records(lines, SPACES)]
    if len(records) < 2 or len(records[0]) < 2 or len({len(record) for record in records}) > 1:
        return False
    return any(all(map(is_number, column)) for column in zip(*records[1:], strict=True))


def is_number(text: str) -> bool:
    """Whether Python reads a text as a number, with a point or a comma."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def check_delimiter(path: Path, lines: list[str], delimiter: str) -> None:
    """DataError if a delimiter that is not in the first line parts most of the others alike."""
    widths = count_fields(lines, delimiter)
    width = widths[-1]
    alike = widths.count(width)
    if width > 1 and alike > 1 and widths[-alike:] == [width] * alike and alike > len(widths) / 2:
        got = f"got {lines[0].strip()!r} above lines of {width} columns"
        raise DataError(f"{path}: line 1: expected the names of the columns, {got}; remove the lines before the header")


def score_delimiter(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    """How well ``delimiter`` fits: whether it parts the header, the fraction of lines as wide as it, its width."""
    widths = count_fields(lines, delimiter)
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


def count_fields(lines: list[str], delimiter: str) -> list[int]:
    """The number of fields of each record."""
    return [len(record) for _, record in parse_records(lines, delimiter) if record]
