"""The dialect of a CSV file: its text, its delimiter, and the names of its columns."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.number_format import parse_float
from nntrain.data.readers.csv.csv_header import has_header, read_column_names
from nntrain.data.readers.csv.csv_text import MAX_LINE_LENGTH, CsvText
from nntrain.data.readers.data_file import DataFile
from nntrain.errors import DataError

# The unusual ones are tried only if none of the usual ones splits the header.
DELIMITERS = (",", ";", "\t", "|")
UNUSUAL_DELIMITERS = ("~", ":", "^", "\x1f", "\x01")

# Any sequence of spaces and tabs.
SPACES = " "

# The first line in which a spreadsheet declares the delimiter.
DELIMITER_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

# Number of lines from which the delimiter is inferred.
SAMPLE_LINES = 100

csv.field_size_limit(MAX_LINE_LENGTH)


@dataclass(frozen=True)
class CsvDialect:
    """A CSV file with any delimiter and with quotes as in RFC 4180.

    ``names``: those of all columns, None for one that is dropped. ``header``: whether the file has a line of names.
    ``skipped``: number of lines before it. ``notes``: for the user.

    The delimiter is inferred from the header, unlike in DuckDB's sniffer, which reads a table with one short line as a
    table of one column, so that the user never sees the number of that line.
    """

    text: CsvText
    delimiter: str
    names: tuple[str | None, ...]
    header: bool
    skipped: int
    notes: tuple[str, ...]

    @classmethod
    def detect(cls, file: DataFile, options: FileOptions | None = None) -> Self:
        """Infer the dialect from the first lines. DataError if the header is missing, unless ``options`` set so."""
        options = options or FileOptions()
        path, text = file.path, CsvText.inspect(file, options.encoding)
        lines, declared = read_sample(text)
        if not lines:
            raise DataError(f"{path}: the file is empty; expected a line with the names of the columns, then rows")
        given = parse_delimiter(path, options.delimiter) if options.delimiter else declared
        try:
            delimiter = given or infer_delimiter(path, lines)
            records = [record for _, record in parse_records(lines, delimiter) if record]
        except csv.Error as error:
            raise DataError(f"{path}: line 1: expected the names of the columns: {error}") from None
        header = has_header(path, records) if options.header is None else options.header
        names, notes = read_column_names(path, records, header=header)
        if text.is_guessed:
            fix = "to use another: --set 'data.encoding=\"...\"'"
            notes.insert(0, f"{path}: not UTF-8, read as {text.encoding}; {fix}")
        return cls(text, delimiter, names, header, 0 if declared is None else 1, tuple(notes))

    def iterate_records(self, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Yield every record, except blank lines, with the number of its last line.

        The first is the header, if there is one. csv.Error for malformed quotes.
        """
        lines = itertools.islice(self.text.iterate_lines(), self.skipped, None)
        for line, record in parse_records(lines, self.delimiter, strict=strict):
            if record or len(self.names) == 1:
                yield line + self.skipped, record

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB can read the file itself."""
        return self.text.is_plain and self.delimiter != SPACES and not self.skipped

    def find_error(self, reason: str) -> DataError:
        """Return the first error of the file, which is read again, slowly, or DuckDB's ``reason`` if none is found."""
        try:
            found = self._find_unclosed_quote() or self._find_ragged_row()
        except DataError as error:
            return error
        except (OSError, EOFError, csv.Error) as error:
            found = f"the file is corrupt ({error}); create or download it again"
        return DataError(f"{self.text.path}: {found or reason}")

    def find_line(self, row: int) -> int | None:
        """Return the last line of data row ``row``, counted from 1."""
        first = 0 if self.header else 1
        try:
            return next((line for number, (line, _) in enumerate(self.iterate_records(), first) if number == row), None)
        except csv.Error:
            return None

    def _find_unclosed_quote(self) -> str | None:
        """Find a quoted field that never ends: read strictly, the file ends inside it."""
        if self.delimiter == SPACES:
            return None
        start = 1
        try:
            for line, _ in self.iterate_records(strict=True):
                start = line + 1
        except csv.Error as error:
            reason = "a quote is opened and never closed" if "unexpected end" in str(error) else f"quotes: {error}"
            return f"line {start}: {reason}"
        return None

    def _find_ragged_row(self) -> str | None:
        for line, record in self.iterate_records():
            if len(record) != len(self.names):
                fields = f"expected {len(self.names)} fields as in line {self.skipped + 1}, got {len(record)}"
                return f"line {line}: {fields}; the delimiter is {self.delimiter!r}"
        return None


def parse_records(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each record with the number of its last line."""
    if delimiter == SPACES:
        lines = (line.replace("\t", " ").strip() for line in lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == SPACES, strict=strict)
    for record in reader:
        yield reader.line_num, record


def read_sample(text: CsvText) -> tuple[list[str], str | None]:
    """Return the first lines, except blank ones, and the delimiter that the first line declares.

    DataError if the first line is blank.
    """
    head = list(itertools.islice(text.iterate_lines(), SAMPLE_LINES))
    declared = DELIMITER_LINE.fullmatch(head[0]) if head else None
    if declared:
        head = head[1:]
    lines = [line for line in head if line.strip()]
    if lines and not head[0].strip():
        raise DataError(f"{text.path}: line 1 is blank; expected the names of the columns")
    return lines, declared[1] if declared else None


def parse_delimiter(path: Path, delimiter: str) -> str:
    """Return the delimiter that the user set; a tab may be written as a backslash and a t."""
    character = "\t" if delimiter == r"\t" else delimiter
    if len(character) != 1 or not character.isascii() or character in '"\r\n':
        raise DataError(f"{path}: expected a single ASCII character as delimiter, got {delimiter!r}")
    return character


def infer_delimiter(path: Path, lines: list[str]) -> str:
    """Infer the delimiter: most lines have the number of fields of the header, and the header has most fields.

    DataError if it splits all lines but the first ones, which are a title or comments then.
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
    """Whether spaces split every line into as many fields, and a column is numeric: texts contain spaces as well."""
    records = [record for _, record in parse_records(lines, SPACES)]
    if len(records) < 2 or len(records[0]) < 2 or len({len(record) for record in records}) > 1:
        return False
    columns = zip(*records[1:], strict=True)
    return any(all(parse_float(text.replace(",", ".")) is not None for text in column) for column in columns)


def check_delimiter(path: Path, lines: list[str], delimiter: str) -> None:
    """DataError if a delimiter that is not in the first line splits most of the others into as many fields."""
    widths = count_fields(lines, delimiter)
    width = widths[-1]
    count = widths.count(width)
    if width > 1 and count > 1 and widths[-count:] == [width] * count and count > len(widths) / 2:
        got = f"got {lines[0].strip()!r} above lines of {width} columns"
        raise DataError(f"{path}: line 1: expected the names of the columns, {got}; remove the lines before the header")


def score_delimiter(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    """Score ``delimiter``: whether it splits the header, the fraction of lines as wide as the header, its width."""
    widths = count_fields(lines, delimiter)
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


def count_fields(lines: list[str], delimiter: str) -> list[int]:
    """Return the number of fields of each record."""
    return [len(record) for _, record in parse_records(lines, delimiter) if record]
