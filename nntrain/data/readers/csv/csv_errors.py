"""Find out why a CSV file cannot be read, and in which line: the file is read again, slowly."""

from __future__ import annotations

import csv

from nntrain.data.readers.csv.csv_dialect import SPACES, CsvDialect
from nntrain.errors import DataError


def find_error(dialect: CsvDialect, reason: str) -> DataError:
    """Return the first error of the file, or DuckDB's ``reason`` if none is found."""
    try:
        found = find_unclosed_quote(dialect) or find_ragged_row(dialect)
    except DataError as error:
        return error
    except (OSError, EOFError, csv.Error) as error:
        found = f"the file is corrupt ({error}); create or download it again"
    return DataError(f"{dialect.path}: {found or reason}")


def find_line(dialect: CsvDialect, row: int) -> int | None:
    """Return the last line of data row ``row``, counted from 1."""
    first = 0 if dialect.header else 1
    try:
        return next((line for number, (line, _) in enumerate(dialect.iterate_records(), first) if number == row), None)
    except csv.Error:
        return None


def find_unclosed_quote(dialect: CsvDialect) -> str | None:
    """Find a quoted field that never ends: read strictly, the file ends inside it."""
    if dialect.delimiter == SPACES:
        return None
    start = 1
    try:
        for line, _ in dialect.iterate_records(strict=True):
            start = line + 1
    except csv.Error as error:
        reason = "a quote is opened and never closed" if "unexpected end" in str(error) else f"quotes: {error}"
        return f"line {start}: {reason}"
    return None


def find_ragged_row(dialect: CsvDialect) -> str | None:
    width = len(dialect.names)
    for line, record in dialect.iterate_records():
        if len(record) != width:
            first = f" as in line {dialect.skipped + 1}"
            fields = f"expected {width} fields{first}, got {len(record)}"
            return f"line {line}: {fields}; the delimiter is {dialect.delimiter!r}"
    return None
