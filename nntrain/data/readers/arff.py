"""The reader of Weka's ARFF files."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from nntrain.data.readers.file_reader import FileReader
from nntrain.errors import DataError
from nntrain.formatting import shorten

ATTRIBUTE_PATTERN = re.compile(r"""@attribute\s+('(?:[^'\\]|\\.)*'|"[^"]*"|[^\s'"]\S*)\s+(\S.*)""", re.IGNORECASE)

NUMBER_TYPES = ("numeric", "real", "integer")
TEXT_TYPES = ("string", "date")

# Maximum length of a line: a row takes several times as much memory while it is read.
MAX_LINE_LENGTH = 2**24

# Maximum number of columns: the time and memory that DuckDB takes to read JSON grow with their square.
MAX_COLUMNS = 20_000


class ARFF(FileReader):
    """ARFF: lines ``@attribute NAME TYPE``, then ``@data`` and a line of values for each row, ``?`` where missing.

    The types are numeric, real, integer, string, date, and nominal, {a, b}. The format of dates is inferred from the
    values. Sparse rows and nested tables are not supported.
    Source: Weka, "Attribute-Relation File Format".
    """

    suffixes = (".arff",)

    def rows(self, path: Path) -> Iterator[Sequence[Any]]:
        with path.open(encoding="utf-8") as file:
            lines = iterate_lines(file)
            names, numeric = read_attributes(lines)
            yield names
            for number, line in lines:
                if line.startswith("{"):
                    raise DataError("sparse rows are not supported; write every value")
                quote = "'" if "'" in line else '"'
                (row,) = csv.reader([line], quotechar=quote, skipinitialspace=True, escapechar="\\")
                if len(row) != len(names):
                    raise DataError(f"line {number}: expected {len(names)} values, got {len(row)}")
                yield [parse_value(text, number, name) for text, name in zip(row, numeric, strict=True)]


def iterate_lines(file: IO[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, except blank lines and comments.

    DataError for a line that is not text or is too long.
    """
    number = 0
    try:
        while line := file.readline(MAX_LINE_LENGTH):
            number += 1
            if "\0" in line or len(line) == MAX_LINE_LENGTH:
                raise DataError(
                    f"expected lines of text of at most {MAX_LINE_LENGTH:,} characters without null characters"
                )
            line = line.strip()
            if line and not line.startswith("%"):
                yield number, line
    except UnicodeDecodeError:
        raise DataError(f"line {number + 1} or later: expected text in UTF-8; save the file as UTF-8") from None


def read_attributes(lines: Iterable[tuple[int, str]]) -> tuple[list[str], list[str | None]]:
    """Return the name of each column, and again for columns of numbers, None for others. DataError for other types."""
    names: list[str] = []
    numeric: list[str | None] = []
    for number, line in lines:
        keyword = line[:10].lower()
        if keyword.startswith("@data"):
            break
        if keyword != "@attribute":
            continue
        match = ATTRIBUTE_PATTERN.fullmatch(line)
        if match is None:
            raise DataError(f"line {number}: expected @attribute NAME TYPE, got {shorten(line, 100)!r}")
        if len(names) == MAX_COLUMNS:
            raise DataError(
                f"line {number}: expected at most {MAX_COLUMNS:,} columns; write the rows as HDF5 or Parquet"
            )
        names.append(match[1][1:-1] if match[1][0] in "'\"" else match[1])
        type_ = match[2].rstrip()
        word = type_[:10].split()[0].lower()
        if type_.startswith("{") and "}" not in type_:
            raise DataError(f"line {number}: the values of {names[-1]!r} are not closed with }}")
        if not type_.startswith("{") and word not in (*NUMBER_TYPES, *TEXT_TYPES):
            expected = f"expected {', '.join((*NUMBER_TYPES, *TEXT_TYPES))} or {{...}}"
            raise DataError(f"line {number}: type of {names[-1]!r}: {expected}, got {shorten(type_, 100)!r}")
        numeric.append(names[-1] if word in NUMBER_TYPES else None)
    else:
        raise DataError("expected a line @data")
    if not names:
        raise DataError("expected lines @attribute NAME TYPE before @data")
    return names, numeric


def parse_value(text: str, line: int, number: str | None) -> Any:
    """Return a string, None for a missing value, or a number if the column is one, named ``number``.

    DataError with the line for a value that is not a number.
    """
    text = text.strip()
    if text == "?":
        return None
    if number is None:
        return text
    try:
        return float(text)
    except ValueError:
        raise DataError(f"line {line}, column {number!r}: expected a number, got {shorten(text, 100)!r}") from None
