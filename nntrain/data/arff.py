"""Tables of Weka."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from nntrain.data.csv_text import LONGEST
from nntrain.data.file_reader import FileReader
from nntrain.errors import DataError

__all__ = ["ARFF"]

ATTRIBUTE = re.compile(r"""@attribute\s+('(?:[^'\\]|\\.)*'|"[^"]*"|\S+)\s+(.+)""", re.IGNORECASE)

NUMBERS = ("numeric", "real", "integer")


class ARFF(FileReader):
    """ARFF: lines ``@attribute NAME TYPE``, then ``@data`` and a line of values for each row, ``?`` where missing.

    Types are numeric, real, integer, string, and nominal, {a, b}. Sparse rows and dates are not read.
    Source: Weka, "Attribute-Relation File Format".
    """

    suffixes = (".arff",)

    def rows(self, path: Path) -> Iterator[Sequence[Any]]:
        with path.open(encoding="utf-8") as file:
            lines = (line.strip() for line in lines_of(file))
            lines = (line for line in lines if line and not line.startswith("%"))
            numeric: list[bool] = []
            names: list[str] = []
            for line in lines:
                if line.lower().startswith("@data"):
                    break
                match = ATTRIBUTE.fullmatch(line)
                if match:
                    names.append(unquoted(match[1]))
                    numeric.append(match[2].strip().lower() in NUMBERS)
            else:
                raise DataError("expected a line @data")
            if not names:
                raise DataError("expected lines @attribute NAME TYPE before @data")
            yield names
            for line in lines:
                if line.startswith("{"):
                    raise DataError("sparse rows are not read; write every value")
                yield [value(text, number) for text, number in zip(cells(line), numeric, strict=True)]


def lines_of(file: IO[str]) -> Iterator[str]:
    """The lines. DataError for one without end, or with null characters."""
    while line := file.readline(LONGEST):
        if "\0" in line or len(line) == LONGEST:
            raise DataError(f"expected lines of text of at most {LONGEST:,} characters without null characters")
        yield line


def cells(line: str) -> list[str]:
    """The values of a row."""
    quote = "'" if "'" in line else '"'
    (row,) = csv.reader([line], quotechar=quote, skipinitialspace=True, escapechar="\\")
    return row


def unquoted(name: str) -> str:
    """A name without the quotes around it."""
    return name[1:-1] if name[0] in "'\"" else name


def value(text: str, number: bool) -> Any:
    """A number, a text, or None."""
    text = text.strip()
    if text == "?":
        return None
    return float(text) if number else text
