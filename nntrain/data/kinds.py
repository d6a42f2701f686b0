"""What a column holds, told from all of its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from nntrain.data.advice import ignoring, taking_for
from nntrain.data.cells import cell, text_of
from nntrain.data.census import GUESSES, Census
from nntrain.data.raw_column import Kind
from nntrain.data.scan import Scan
from nntrain.errors import DataError

__all__ = ["kinds_of", "reads_text"]

ADJECTIVES = {"number": "a number", "boolean": "true or false", "time": "a date or a time"}


def kinds_of(scan: Scan, known: Mapping[str, str]) -> dict[str, Kind]:
    """The kind of every column: as ``known``, as the file declares it, or as its text reads.

    DataError with row and line for a text in a column of numbers, booleans or times.
    """
    kinds = {name: cast(Kind, known.get(name)) or declared_kind(scan, name) for name in scan.types}
    texts = [name for name, kind in kinds.items() if reads_text(scan.types[name], kind)]
    for name, census in zip(texts, take_census(scan, texts, known), strict=True):
        if name not in known:
            kinds[name] = "number" if census.slipped() else census.kind()
        if kinds[name] != "text" and census.readable[kinds[name]] < census.known:
            raise slip(scan, name, kinds[name], declared=name in known)
    return kinds


def natural_kind(type_: str) -> Kind | None:
    """The kind of DuckDB's type; None for lists, objects and bytes."""
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT", "INTERVAL")):
        return None
    if type_.startswith(("DATE", "TIMESTAMP")):
        return "time"
    if type_.startswith(("VARCHAR", "ENUM", "UUID", "TIME", "JSON")):
        return "text"
    return "boolean" if type_ == "BOOLEAN" else "number"


def reads_text(type_: str, kind: Kind) -> bool:
    """Whether the values of ``kind`` are read from the text of a column, rather than taken as they are."""
    return kind == "text" or natural_kind(type_) != kind


def declared_kind(scan: Scan, name: str) -> Kind:
    """The kind of a column after its type in the file. DataError for lists, objects and bytes."""
    kind = natural_kind(scan.types[name])
    if kind is None:
        raise DataError(
            f"{scan.path}: column {name!r} holds {scan.types[name]}; expected numbers, text, booleans or times; "
            f"leave it out with {ignoring(name)}"
        )
    return kind


def take_census(scan: Scan, names: list[str], known: Mapping[str, str]) -> list[Census]:
    """How the values of each column read. The file is read once more for columns that are not simply numbers."""
    found = dict(zip(names, counted(scan, names, known, GUESSES[:1]), strict=True))
    undecided = [name for name in names if name in known or found[name].kind() != "number"]
    found |= zip(undecided, counted(scan, undecided, known, GUESSES), strict=True)
    return list(found.values())


def counted(scan: Scan, names: list[str], known: Mapping[str, str], guesses: tuple[Kind, ...]) -> list[Census]:
    """How many values of each column are there, and how many read as each of the ``guesses``."""
    expressions: list[str] = []
    for name in names:
        text = text_of(scan.columns[name])
        cells = [cell(text, kind, comma=scan.comma, declared=name in known) for kind in guesses]
        expressions += [f"count({expression})" for expression in (text, *cells)]
    counts = iter([int(values[0]) for values in scan.select(expressions)])
    return [Census(next(counts), {kind: next(counts) for kind in guesses}) for _ in names]


def slip(scan: Scan, name: str, kind: Kind, *, declared: bool) -> DataError:
    """The first value of a column that is not of its kind, with its row and line."""
    text = text_of(scan.columns[name])
    wrong = f"{text} IS NOT NULL AND {cell(text, kind, comma=scan.comma, declared=declared)} IS NULL"
    row, value = scan.first(wrong, text)
    line = scan.line_of(row)
    place = f"row {row}" if line is None else f"row {row} (line {line})"
    advice = "correct or empty it"
    if not declared:
        advice += f", or, if the column is a category, {taking_for(name, 'category')}"
    return DataError(f"{scan.path}: {place}, column {name!r}: expected {ADJECTIVES[kind]}, got {value!r}; {advice}")
