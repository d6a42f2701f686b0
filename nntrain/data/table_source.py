"""Tables from files: CSV with any delimiter, gzip, Parquet, JSON, all read by DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from nntrain.data.array import Array
from nntrain.data.coded_column import CodedColumn, coded
from nntrain.data.csv_numbers import plain_decimals, plain_names, read_plain
from nntrain.data.csv_scan import CsvScan
from nntrain.data.csv_text import is_gzip
from nntrain.data.excel import Excel
from nntrain.data.feather import ARROW, scan_feather
from nntrain.data.file_options import FileOptions
from nntrain.data.file_reader import FileReader, read_by, scan_by
from nntrain.data.formats import formats_of
from nntrain.data.hdf5_layout import is_hdf5
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.texts import Texts
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.read_options import ReadOptions
from nntrain.data.scan import Scan, json_scan, parquet_scan, unmasked
from nntrain.data.scan_columns import ScanColumns, value_of_kind
from nntrain.data.stores.copy_table import scan_table
from nntrain.data.streaming.table_file import TableFile, is_table_file
from nntrain.data.table import Table
from nntrain.data.unsupported import refuse_unsupported
from nntrain.data.zipped import ZIP, members, told_by_archive, unzipped
from nntrain.errors import DataError
from nntrain.files.file_kind import file_kind

__all__ = [
    "begins",
    "check_file",
    "is_parquet",
    "is_workbook",
    "parsed",
    "points_are_doubtful",
    "read_table",
    "scan_of",
    "stripped",
    "typed_column",
]

PARQUET = b"PAR1"

# What an archive has in it that is a workbook of Excel.
WORKBOOK = "xl/workbook.xml"
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".gz", "")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_table(path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> Table:
    """All rows of a file, in its order.

    ``only``: the columns to read, as far as they are there; all if none is.
    DataError, one line, for a file that cannot be read, a value that is not as its column is, or a format that cannot
    be decided.
    """
    with told_by_archive(path):
        return whole_table(path, options or ReadOptions(), only)


def whole_table(path: Path, options: ReadOptions, only: Collection[str]) -> Table:
    """The table, with errors that may name a file that was unpacked."""
    check_file(path)
    if is_table_file(path):
        with TableFile.opened(path, options.formats) as file:
            return file.block([name for name in file.kinds if name in only] or list(file.kinds), 0, file.rows)
    scan = scan_of(path, options.file).narrowed(only)
    parts = ScanColumns.of(scan, options)
    found: dict[str, RawColumn] = {}
    decimals: frozenset[str] = frozenset()
    if isinstance(scan, CsvScan):
        plain = plain_names(scan, parts.texts)
        found, arrays = read_plain(scan, plain)
        decimals = plain_decimals(scan, list(found))
    else:
        names = [*parts.typed, *parts.texts]
        kinds: dict[str, Kind] = parts.typed | dict.fromkeys(parts.texts, "text")
        arrays = dict(zip(names, scan.select([value_of_kind(scan, name, kinds[name]) for name in names]), strict=True))
        found = {name: typed_column(name, kind, arrays.pop(name), options) for name, kind in parts.typed.items()}
    texts = {name: stripped(scan, name, values) for name, values in arrays.items()}
    formats, notes = infer_texts(scan, texts, parts.texts, options, decimals)
    if isinstance(scan, CsvScan) and points_are_doubtful(formats, decimals):
        doubtful = [name for name, column in found.items() if not column.is_whole()]
        arrays = dict(zip(doubtful, scan.select([scan.columns[name] for name in doubtful]), strict=True))
        texts |= {name: stripped(scan, name, values) for name, values in arrays.items()}
        formats, notes = infer_texts(scan, texts, parts.texts, options, scan.decimals)
    found |= {name: parsed(column, formats[name]) for name, column in texts.items()}
    found_formats = {name: ColumnFormat(kind=kind) for name, kind in parts.typed.items()}
    found_formats |= {name: ColumnFormat.plain(form.missing) for name, form in parts.texts.items()}
    formats = {name: formats.get(name, found_formats[name]) for name in scan.columns}
    columns = {name: found[name] for name in scan.columns}
    rows = len(next(iter(columns.values())))
    if not rows:
        raise DataError(f"{path}: the file names {len(columns)} columns and has no rows")
    return Table(str(path), columns, rows, formats, (*scan.notes, *parts.notes, *notes), scan.header)


def infer_texts(
    scan: Scan,
    texts: Mapping[str, CodedColumn],
    asked: Mapping[str, ColumnFormat],
    options: ReadOptions,
    decimals: Collection[str],
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """The format of each text column, and notes."""
    columns = []
    for name, column in texts.items():
        counts = {text: rows for text, rows in column.counts().items() if text}
        columns.append(Texts(name, counts, asked[name], options.trained.get(name)))
    return formats_of(scan, columns, decimals)


def points_are_doubtful(formats: Mapping[str, ColumnFormat], decimals: Collection[str]) -> bool:
    """Whether 1.743 may be 1743 in this file, so that the texts of numbers with a point must be looked at."""
    return set(decimals) != {"."} or any(form.decimal == "," for form in formats.values())


def stripped(scan: Scan, name: str, values: Array) -> CodedColumn:
    """The texts of a column without the spaces around them; those of Parquet as they are. None where there is none."""
    column = coded(RawColumn(name, "text", unmasked(values, None)))
    if scan.form == "Parquet":
        return column
    labels = np.empty(len(column.labels), object)
    labels[:] = [None if label is None else label.strip() or None for label in column.labels]
    return CodedColumn(name, column.codes, labels).merged()


def parsed(column: CodedColumn, form: ColumnFormat) -> RawColumn:
    """The values of texts in a format."""
    assert form.kind is not None, "an inferred format has a kind"
    if form.kind == "text" and form.missing == ():
        return column
    there = np.array([label is not None for label in column.labels], bool)
    texts = np.where(there, column.labels, "")
    values = form.parse(texts)
    if form.kind == "text":
        return CodedColumn(column.name, column.codes, values)
    return RawColumn(column.name, form.kind, values[column.codes])


def check_file(path: Path) -> None:
    """DataError unless ``path`` is a file with something in it."""
    kind = file_kind(path)
    if kind is not None:
        raise DataError(f"{path}: is {kind}; expected a file of rows")
    if not path.exists():
        raise DataError(f"{path}: no such file")
    if not path.stat().st_size:
        raise DataError(f"{path}: the file is empty")


def scan_of(path: Path, options: FileOptions) -> Scan:
    """The reader for what the file is: Parquet by its first bytes, JSON and a plugin's kinds by name, else CSV."""
    if is_parquet(path):
        return parquet_scan(path)
    if is_hdf5(path):
        return scan_table(path, options.sheet)
    if begins(path, ARROW):
        return scan_feather(path)
    refuse_unsupported(path)
    if begins(path, ZIP):
        if is_workbook(path):
            return scan_by(path, Excel(options.sheet, options.header is not False))
        with told_by_archive(path):
            inner = unzipped(path, options.sheet)
            # An archive can contain itself.
            if begins(inner, ZIP) and not is_workbook(inner):
                raise DataError(f"{inner}: an archive inside an archive; unpack it first")
            return scan_of(inner, replace(options, sheet=None))
    if path.suffix.lower() == ".parquet":
        raise DataError(f"{path}: not a Parquet file, or a damaged one: it does not begin with {PARQUET.decode()}")
    if path.name.lower().removesuffix(".gz").endswith(JSON_SUFFIXES):
        return json_scan(path, compressed=is_gzip(path))
    if path.suffix.lower() not in CSV_SUFFIXES and (reader := read_by(path)) is not None:
        return scan_by(path, instance(reader))
    return CsvScan.of(path, options)


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet files do."""
    return begins(path, PARQUET)


def is_workbook(path: Path) -> bool:
    """Whether the file is an archive with a workbook of Excel in it. DataError for a corrupt archive."""
    return begins(path, ZIP) and WORKBOOK in members(path)


def begins(path: Path, signature: bytes) -> bool:
    """Whether the first bytes of a file are these."""
    with open(path, "rb") as file:
        return file.read(len(signature)) == signature


@cache
def instance(reader: type[FileReader]) -> FileReader:
    """The reader of a plugin, always the same, so that a file is translated once."""
    return reader()


def typed_column(name: str, kind: Kind, values: Array, options: ReadOptions) -> RawColumn:
    """Values as DuckDB gives them, with the mark of the kind for a missing one: an infinite number is one."""
    plain = unmasked(values, np.datetime64("NaT") if kind == "time" else np.nan)
    asked = options.asked(name)
    if kind == "number":
        plain = np.where(np.isinf(plain) | np.isin(plain, asked.missing_numbers), np.nan, plain)
    column = RawColumn(name, kind, plain)
    return column.as_text() if asked.kind == "text" else column
