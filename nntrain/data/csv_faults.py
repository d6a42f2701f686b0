"""Why a CSV file cannot be read, with the number of the line: the file is read once more, slowly."""

from __future__ import annotations

import csv

from nntrain.data.csv_dialect import CsvDialect
from nntrain.errors import DataError

__all__ = ["fault", "line_of"]


def fault(dialect: CsvDialect, reason: str) -> DataError:
    """The first thing that is wrong with the file, or DuckDB's ``reason`` where nothing else is found."""
    try:
        found = undecodable(dialect) or unclosed(dialect) or ragged(dialect) or mixed_line_ends(dialect)
    except (OSError, EOFError, csv.Error) as error:
        found = f"the file is damaged ({error}); make or download it again"
    return DataError(f"{dialect.path}: {found or reason}")


def line_of(dialect: CsvDialect, row: int) -> int | None:
    """The line on which data row ``row``, counted from 1, ends; row 0 is the header."""
    try:
        return next((line for number, (line, _) in enumerate(dialect.records()) if number == row), None)
    except csv.Error:
        return None


def undecodable(dialect: CsvDialect) -> str | None:
    for number, line in enumerate(dialect.lines(), start=1):
        if "\ufffd" in line:
            return f"line {number}: not text in UTF-8; save the file as UTF-8"
    return None


def unclosed(dialect: CsvDialect) -> str | None:
    """A quoted field that never ends: read strictly, the file ends inside it."""
    start = 1
    reader = csv.reader(dialect.lines(), delimiter=dialect.delimiter, strict=True)
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error as error:
        what = "a quote is opened and never closed" if "unexpected end" in str(error) else f"quotes: {error}"
        return f"line {start}: {what}"
    return None


def ragged(dialect: CsvDialect) -> str | None:
    width = len(dialect.names)
    for line, record in dialect.records():
        if len(record) != width:
            fields = f"expected {width} fields as in line 1, got {len(record)}"
            return f"line {line}: {fields}; the delimiter is {dialect.delimiter!r}"
    return None


def mixed_line_ends(dialect: CsvDialect) -> str | None:
    first = ""
    for number, line in enumerate(dialect.lines(), start=1):
        end = "CR LF" if line.endswith("\r\n") else "LF"
        first = first or end
        if end != first and line.endswith("\n"):
            return f"line {number}: ends in {end}, line 1 in {first}; save the file with one kind of line end"
    return None
