"""What a column holds, told from all of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from nntrain.data.cells import cell, text_of
from nntrain.data.raw_column import Kind
from nntrain.data.scan import Scan
from nntrain.errors import DataError

__all__ = ["kinds_of"]

# A column of text in which nearly all values are numbers is a column of numbers with a slip in it: one value,
# or one in twenty. Fewer numbers than that, and the text is meant.
SLIPS = 0.05
LEAST_NUMBERS = 3

GUESSES: tuple[Kind, ...] = ("number", "boolean", "time")
ADJECTIVES = {"number": "a number", "boolean": "true or false", "time": "a date or a time"}


@dataclass(frozen=True)
class Census:
    """How many values a column has, and how many of them can be read as each kind."""

    known: int
    readable: Mapping[str, int]

    def kind(self) -> Kind:
        """The first kind that all values are; a column of missing values is one of numbers."""
        return next((kind for kind in GUESSES if self.readable[kind] == self.known), "text")

    def slipped(self) -> bool:
        """Whether the values are numbers but for a few."""
        numbers = self.readable["number"]
        slips = self.known - numbers
        return 0 < slips <= max(1, SLIPS * self.known) and numbers >= LEAST_NUMBERS


def kinds_of(scan: Scan, known: Mapping[str, str]) -> dict[str, Kind]:
    """The kind of every column: as ``known``, as the file declares it, or as its text reads.

    DataError with row and line for a text in a column of numbers, booleans or times.
    """
    kinds: dict[str, Kind] = {}
    for name, type_ in scan.types.items():
        kinds[name] = cast(Kind, known.get(name)) or declared_kind(scan, name, type_)
    texts = [name for name, type_ in scan.types.items() if is_text(type_)]
    for name, census in zip(texts, take_census(scan, texts, known), strict=True):
        if name not in known:
            kinds[name] = "number" if census.slipped() else census.kind()
        if kinds[name] != "text" and census.readable[kinds[name]] < census.known:
            raise slip(scan, name, kinds[name], declared=name in known)
    return kinds


def is_text(type_: str) -> bool:
    return type_.startswith(("VARCHAR", "ENUM", "UUID", "TIME", "JSON")) and not type_.startswith("TIMESTAMP")


def declared_kind(scan: Scan, name: str, type_: str) -> Kind:
    """The kind of a column whose file declares its type. DataError for lists, objects and bytes."""
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT", "INTERVAL")):
        raise DataError(
            f"{scan.path}: column {name!r} holds {type_}; expected numbers, text, booleans or times; "
            f"leave it out with --set 'data.ignore=[\"{name}\"]'"
        )
    if is_text(type_):
        return "text"
    if type_.startswith(("DATE", "TIMESTAMP")):
        return "time"
    return "boolean" if type_ == "BOOLEAN" else "number"


def take_census(scan: Scan, names: list[str], known: Mapping[str, str]) -> list[Census]:
    """Read the file once and count. A column known to be text is only counted."""
    expressions = ["count(*)"]
    for name in names:
        text = text_of(scan.columns[name])
        guesses = [cell(text, kind, comma=scan.comma, declared=name in known) for kind in GUESSES]
        expressions += [f"count({expression})" for expression in (text, *guesses)]
    counts = [int(values[0]) for values in scan.select(expressions)[1:]]
    groups = [counts[start : start + 4] for start in range(0, len(counts), 4)]
    return [Census(group[0], dict(zip(GUESSES, group[1:], strict=True))) for group in groups]


def slip(scan: Scan, name: str, kind: Kind, *, declared: bool) -> DataError:
    """The first value of a column that is not of its kind, with its row and line."""
    text = text_of(scan.columns[name])
    wrong = f"{text} IS NOT NULL AND {cell(text, kind, comma=scan.comma, declared=declared)} IS NULL"
    values, wrongs = scan.select([text, wrong])
    row = int(wrongs.argmax()) + 1
    line = scan.line_of(row)
    place = f"row {row}" if line is None else f"row {row} (line {line})"
    advice = f"correct or empty it, or, if the column is a category, --set 'data.columns.{name}.type=\"category\"'"
    return DataError(f"{scan.path}: {place}, column {name!r}: expected {ADJECTIVES[kind]}, got {values[row - 1]!r}; {advice}")
