"""Tables from files: CSV with any delimiter, gzip, Parquet, JSON, all read by DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from nntrain.data.array import Array
from nntrain.data.cells import SQL_TYPES, cell, text_of
from nntrain.data.csv_scan import CsvScan
from nntrain.data.file_reader import read_by, translated
from nntrain.data.kinds import kinds_of, reads_text
from nntrain.data.quick_csv import quick_columns
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.scan import Scan, typed_scan, unmasked
from nntrain.data.streaming.table_file import TableFile, is_table_file
from nntrain.data.table import Table
from nntrain.errors import DataError

__all__ = ["check_file", "column", "expression", "is_parquet", "read_table", "scan_of"]

PARQUET = b"PAR1"
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".gz", "")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_table(
    path: Path,
    *,
    kinds: Mapping[str, str] | None = None,
    only: Collection[str] = (),
    delimiter: str | None = None,
) -> Table:
    """All rows of a file, in its order.

    ``kinds``: what some columns are known to hold; the others are told from all of their values. ``only``: the
    columns to read, as far as they are there; all if none is.
    DataError, one line, for a file that cannot be read or a value that is not of its column's kind.
    """
    check_file(path)
    if is_table_file(path):
        with TableFile.opened(path, kinds) as file:
            return file.block([name for name in file.kinds if name in only] or list(file.kinds), 0, file.rows)
    known = kinds or {}
    scan = scan_of(path, delimiter).narrowed(only)
    quick = quick_columns(scan, known) if isinstance(scan, CsvScan) else {}
    rest = [name for name in scan.columns if name not in quick]
    found = quick | (long_columns(scan.narrowed(rest), known) if rest else {})
    columns = {name: found[name] for name in scan.columns}
    rows = len(next(iter(columns.values())))
    if not rows:
        raise DataError(f"{path}: the file names {len(columns)} columns and has no rows")
    return Table(str(path), columns, rows)


def long_columns(scan: Scan, known: Mapping[str, str]) -> dict[str, RawColumn]:
    """The columns, each told from all of its values before it is read."""
    found = kinds_of(scan, known)
    arrays = scan.select([expression(scan, name, kind, declared=name in known) for name, kind in found.items()])
    return {
        name: column(scan.path, name, kind, values) for (name, kind), values in zip(found.items(), arrays, strict=True)
    }


def check_file(path: Path) -> None:
    """DataError unless ``path`` is a file with something in it."""
    if path.is_dir():
        raise DataError(f"{path}: is a folder; expected a file of rows")
    if not path.exists():
        raise DataError(f"{path}: no such file")
    if not path.stat().st_size:
        raise DataError(f"{path}: the file is empty")


def scan_of(path: Path, delimiter: str | None) -> Scan:
    """The reader for what the file is: Parquet by its first bytes, JSON and a plugin's kinds by name, else CSV."""
    if is_parquet(path):
        return typed_scan(path, "read_parquet", "Parquet")
    if path.suffix.lower() == ".parquet":
        raise DataError(f"{path}: not a Parquet file, or a damaged one: it does not begin with {PARQUET.decode()}")
    if path.name.lower().removesuffix(".gz").endswith(JSON_SUFFIXES):
        return typed_scan(path, "read_json_auto", "JSON")
    if path.suffix.lower() not in CSV_SUFFIXES and (reader := read_by(path)) is not None:
        scan = typed_scan(translated(path, reader), "read_json_auto", reader.__name__)
        return replace(scan, path=path)
    return CsvScan.of(path, delimiter)


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet files do."""
    with open(path, "rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def expression(scan: Scan, name: str, kind: Kind, *, declared: bool) -> str:
    """SQL for the values of one column."""
    column = scan.columns[name]
    if reads_text(scan.types[name], kind):
        value = cell(text_of(column), kind, comma=scan.comma, declared=declared)
    else:
        value = column
    return f"CAST({value} AS {SQL_TYPES[kind]})"


def column(path: Path, name: str, kind: Kind, values: Array, begin: int = 0) -> RawColumn:
    """Plain values, those of row ``begin`` first, with the kind's own mark for a missing one.

    DataError for an infinite number.
    """
    empty = {"text": None, "time": np.datetime64("NaT")}.get(kind, np.nan)
    plain = unmasked(values, empty)
    if kind == "number" and np.isinf(plain).any():
        place = int(np.isinf(plain).argmax())
        raise DataError(
            f"{path}: row {begin + place + 1}, column {name!r}: expected a finite number, got {plain[place]}"
        )
    return RawColumn(name, kind, plain)
