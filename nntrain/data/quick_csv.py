"""A CSV file in one reading, where it holds what its first rows promise.

To tell from all of its values what a column holds, and then to take them, reads the file three times. Here columns
whose first values are numbers are read as numbers at once, which DuckDB refuses if one is none; of the others, the
different texts are judged, of which there mostly are few. What comes out is what the long way would give.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import cast

import numpy as np

from nntrain.data.array import Array
from nntrain.data.cells import NULLS, SQL_TYPES, cell, text_of
from nntrain.data.census import GUESSES, Census
from nntrain.data.coded_column import CodedColumn, coded
from nntrain.data.csv_scan import CsvScan
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.scan import named, unmasked
from nntrain.errors import DataError

__all__ = ["quick_columns"]

# Rows by which is guessed what the others hold.
SAMPLE = 100

# With more different texts than this it takes as long to judge them as to read the file again.
MOST_TEXTS = 50_000

WORDS_FOR_NOTHING = tuple(NULLS.replace("[?]", "?").split("|"))


def quick_columns(scan: CsvScan, known: Mapping[str, str]) -> dict[str, RawColumn]:
    """The columns that could be told and read; the long way is to be taken with the others, and tells what is wrong."""
    numbers = guessed(scan, known)
    types = {column: "DOUBLE" if name in numbers else "VARCHAR" for name, column in scan.columns.items()}
    try:
        values = scan.typed(types, WORDS_FOR_NOTHING).select(list(types))
    except DataError:
        return {}
    if not len(values[0]):
        return {}
    arrays = dict(zip(scan.columns, values, strict=True))
    found = {name: number_column(name, arrays[name]) for name in numbers}
    texts = [coded(RawColumn(name, "text", unmasked(arrays[name], None))) for name in arrays if name not in numbers]
    return {name: column for name, column in found.items() if column is not None} | told(scan, texts, known)


def guessed(scan: CsvScan, known: Mapping[str, str]) -> list[str]:
    """The columns that are said to be numbers, or begin as such. A comma in numbers is not read at once."""
    names = scan.dialect.names
    # A line with nothing in it is a row of a table of one column, and none of others.
    if scan.comma or len(names) == 1:
        return []
    try:
        rows = [record for _, record in islice(scan.dialect.records(), 1, SAMPLE)]
    except (OSError, EOFError, csv.Error):
        return []
    columns = dict(zip(names, zip(*rows, strict=False), strict=False))
    undecided = (name for name in scan.columns if known.get(name, "number") == "number")
    return [name for name in undecided if name in columns and all(map(is_number_or_nothing, columns[name]))]


def is_number_or_nothing(text: str) -> bool:
    """Whether a cell may be one of a column of numbers."""
    if text in WORDS_FOR_NOTHING:
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def number_column(name: str, values: Array) -> RawColumn | None:
    """A column of numbers; None if one of them is not finite."""
    plain = unmasked(values, np.nan)
    missing = np.count_nonzero(np.ma.getmaskarray(values))
    return RawColumn(name, "number", plain) if np.count_nonzero(np.isfinite(plain)) == len(plain) - missing else None


def told(scan: CsvScan, columns: Iterable[CodedColumn], known: Mapping[str, str]) -> dict[str, RawColumn]:
    """What the columns hold, as far as there are few different texts, and none is a slip."""
    few = [column for column in columns if len(column.labels) <= MOST_TEXTS]
    found = {}
    for declared in (False, True):
        some = [column for column in few if (column.name in known) == declared]
        if not some:
            continue
        read = readings(scan, np.concatenate([column.labels for column in some]), declared=declared)
        begin = 0
        for column in some:
            of_this = {kind: values[begin : begin + len(column.labels)] for kind, values in read.items()}
            begin += len(column.labels)
            made = as_kind(column, of_this, cast(Kind | None, known.get(column.name)))
            if made is not None:
                found[column.name] = made
    return found


def readings(scan: CsvScan, labels: Array, *, declared: bool) -> dict[Kind, Array]:
    """Every label read as each kind."""
    text = text_of("label")
    cells = [f"CAST({cell(text, kind, comma=scan.comma, declared=declared)} AS {SQL_TYPES[kind]})" for kind in GUESSES]
    with scan.connected() as connection:
        connection.register("labels", {"label": labels})
        made = connection.execute(f"SELECT {named([text, *cells])} FROM labels").fetchnumpy()
    kinds: tuple[Kind, ...] = ("text", *GUESSES)
    return {kind: made[f"e{number}"] for number, kind in enumerate(kinds)}


def as_kind(column: CodedColumn, read: Mapping[Kind, Array], known: Kind | None) -> RawColumn | None:
    """The column as what it is ``known`` for, or as its values read; None if there is a slip among them."""
    rows = np.bincount(column.codes, minlength=len(column.labels))
    counts = {kind: int(rows[~np.ma.getmaskarray(values)].sum()) for kind, values in read.items()}
    census = Census(counts.pop("text"), counts)
    if known is None and census.slipped():
        return None
    kind = known or census.kind()
    if kind == "text":
        return CodedColumn(column.name, column.codes, unmasked(read["text"], None))
    if census.readable[kind] < census.known:
        return None
    empty = np.datetime64("NaT") if kind == "time" else np.nan
    return RawColumn(column.name, kind, unmasked(read[kind], empty)[column.codes])
