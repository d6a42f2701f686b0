"""Tables from files: CSV with any delimiter, gzip, Parquet, JSON, all read by DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.file_options import FileOptions
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.text_counts import TextCounts
from nntrain.data.readers.column_formats import infer_formats
from nntrain.data.readers.csv.csv_numbers import find_plain_columns, infer_plain_decimals, read_plain_columns
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.csv.csv_text import is_gzip
from nntrain.data.readers.excel import Excel
from nntrain.data.readers.feather import ARROW_SIGNATURE, scan_feather
from nntrain.data.readers.file_reader import FileReader, find_reader, scan_file
from nntrain.data.readers.hdf5.hdf5_layout import is_hdf5
from nntrain.data.readers.scan import Scan, fill_masked
from nntrain.data.readers.scan_columns import ScanColumns, build_value_expression
from nntrain.data.readers.typed_scan import scan_json, scan_parquet
from nntrain.data.readers.unsupported_files import check_supported
from nntrain.data.readers.zip_archive import ZIP_SIGNATURE, extract_member, list_members, report_archive_path
from nntrain.data.stores.table_copy import scan_table
from nntrain.data.streaming.table_file import TableFile, is_table_file
from nntrain.data.tables.coded_column import CodedColumn, factorize
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError
from nntrain.files.file_kind import describe_file

__all__ = [
    "build_column",
    "check_file",
    "has_ambiguous_points",
    "has_signature",
    "is_parquet",
    "is_workbook",
    "open_scan",
    "parse_texts",
    "read_table",
    "strip_texts",
]

PARQUET_SIGNATURE = b"PAR1"

# What an archive has in it that is a workbook of Excel.
WORKBOOK_MEMBER = "xl/workbook.xml"
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".gz", "")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_table(path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> DataTable:
    """All rows of a file, in its order.

    ``only``: the columns to read, as far as they are there; all if none is.
    DataError, one line, for a file that cannot be read, a value that is not as its column is, or a format that cannot
    be decided.
    """
    with report_archive_path(path):
        return read_whole_table(path, options or ReadOptions(), only)


def read_whole_table(path: Path, options: ReadOptions, only: Collection[str]) -> DataTable:
    """The table, with errors that may name a file that was unpacked."""
    check_file(path)
    if is_table_file(path):
        with TableFile.opened(path, options.formats) as file:
            return file.block([name for name in file.kinds if name in only] or list(file.kinds), 0, file.rows)
    scan = open_scan(path, options.file).select_columns(only)
    parts = ScanColumns.from_scan(scan, options)
    found: dict[str, RawColumn] = {}
    decimals: frozenset[str] = frozenset()
    if isinstance(scan, CsvScan):
        plain = find_plain_columns(scan, parts.texts)
        found, arrays = read_plain_columns(scan, plain)
        decimals = infer_plain_decimals(scan, list(found))
    else:
        names = [*parts.kinds, *parts.texts]
        kinds: dict[str, ValueKind] = parts.kinds | dict.fromkeys(parts.texts, "text")
        arrays = dict(
            zip(names, scan.select([build_value_expression(scan, name, kinds[name]) for name in names]), strict=True)
        )
        found = {name: build_column(name, kind, arrays.pop(name), options) for name, kind in parts.kinds.items()}
    texts = {name: strip_texts(scan, name, values) for name, values in arrays.items()}
    formats, notes = infer_texts(scan, texts, parts.texts, options, decimals)
    if isinstance(scan, CsvScan) and has_ambiguous_points(formats, decimals):
        doubtful = [name for name, column in found.items() if not column.is_whole()]
        arrays = dict(zip(doubtful, scan.select([scan.columns[name] for name in doubtful]), strict=True))
        texts |= {name: strip_texts(scan, name, values) for name, values in arrays.items()}
        formats, notes = infer_texts(scan, texts, parts.texts, options, scan.decimals)
    found |= {name: parse_texts(column, formats[name]) for name, column in texts.items()}
    found_formats = {name: ColumnFormat(kind=kind) for name, kind in parts.kinds.items()}
    found_formats |= {name: ColumnFormat.plain(form.missing) for name, form in parts.texts.items()}
    formats = {name: formats.get(name, found_formats[name]) for name in scan.columns}
    columns = {name: found[name] for name in scan.columns}
    rows = len(next(iter(columns.values())))
    if not rows:
        raise DataError(f"{path}: the file names {len(columns)} columns and has no rows")
    return DataTable(str(path), columns, rows, formats, (*scan.notes, *parts.notes, *notes), scan.has_header)


def infer_texts(
    scan: Scan,
    texts: Mapping[str, CodedColumn],
    declared: Mapping[str, ColumnFormat],
    options: ReadOptions,
    decimals: Collection[str],
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """The format of each text column, and notes."""
    columns = []
    for name, column in texts.items():
        counts = {text: rows for text, rows in column.counts().items() if text}
        columns.append(TextCounts(name, counts, declared[name], options.trained.get(name)))
    return infer_formats(scan, columns, decimals)


def has_ambiguous_points(formats: Mapping[str, ColumnFormat], decimals: Collection[str]) -> bool:
    """Whether 1.743 may be 1743 in this file, so that the texts of numbers with a point must be looked at."""
    return set(decimals) != {"."} or any(form.decimal == "," for form in formats.values())


def strip_texts(scan: Scan, name: str, values: Array) -> CodedColumn:
    """The texts of a column without the spaces around them; those of Parquet as they are. None where there is none."""
    column = factorize(RawColumn(name, "text", fill_masked(values, None)))
    if scan.format_name == "Parquet":
        return column
    labels = np.empty(len(column.labels), object)
    labels[:] = [None if label is None else label.strip() or None for label in column.labels]
    return CodedColumn(name, column.codes, labels).merge_labels()


def parse_texts(column: CodedColumn, column_format: ColumnFormat) -> RawColumn:
    """The values of texts in a format."""
    assert column_format.kind is not None, "an inferred format has a kind"
    if column_format.kind == "text" and column_format.missing == ():
        return column
    there = np.array([label is not None for label in column.labels], bool)
    texts = np.where(there, column.labels, "")
    values = column_format.parse(texts)
    if column_format.kind == "text":
        return CodedColumn(column.name, column.codes, values)
    return RawColumn(column.name, column_format.kind, values[column.codes])


def check_file(path: Path) -> None:
    """DataError unless ``path`` is a file with something in it."""
    kind = describe_file(path)
    if kind is not None:
        raise DataError(f"{path}: is {kind}; expected a file of rows")
    if not path.exists():
        raise DataError(f"{path}: no such file")
    if not path.stat().st_size:
        raise DataError(f"{path}: the file is empty")


def open_scan(path: Path, options: FileOptions) -> Scan:
    """The reader for what the file is: Parquet by its first bytes, JSON and a plugin's kinds by name, else CSV."""
    if is_parquet(path):
        return scan_parquet(path)
    if is_hdf5(path):
        return scan_table(path, options.sheet)
    if has_signature(path, ARROW_SIGNATURE):
        return scan_feather(path)
    check_supported(path)
    if has_signature(path, ZIP_SIGNATURE):
        if is_workbook(path):
            return scan_file(path, Excel(options.sheet, options.header is not False))
        with report_archive_path(path):
            inner = extract_member(path, options.sheet)
            # An archive can contain itself.
            if has_signature(inner, ZIP_SIGNATURE) and not is_workbook(inner):
                raise DataError(f"{inner}: an archive inside an archive; unpack it first")
            return open_scan(inner, replace(options, sheet=None))
    if path.suffix.lower() == ".parquet":
        raise DataError(
            f"{path}: not a Parquet file, or a damaged one: it does not begin with {PARQUET_SIGNATURE.decode()}"
        )
    if path.name.lower().removesuffix(".gz").endswith(JSON_SUFFIXES):
        return scan_json(path, compressed=is_gzip(path))
    if path.suffix.lower() not in CSV_SUFFIXES and (reader := find_reader(path)) is not None:
        return scan_file(path, get_reader(reader))
    return CsvScan.from_file(path, options)


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet files do."""
    return has_signature(path, PARQUET_SIGNATURE)


def is_workbook(path: Path) -> bool:
    """Whether the file is an archive with a workbook of Excel in it. DataError for a corrupt archive."""
    return has_signature(path, ZIP_SIGNATURE) and WORKBOOK_MEMBER in list_members(path)


def has_signature(path: Path, signature: bytes) -> bool:
    """Whether the first bytes of a file are these."""
    with open(path, "rb") as file:
        return file.read(len(signature)) == signature


@cache
def get_reader(reader: type[FileReader]) -> FileReader:
    """The reader of a plugin, always the same, so that a file is translated once."""
    return reader()


def build_column(name: str, kind: ValueKind, values: Array, options: ReadOptions) -> RawColumn:
    """Values as DuckDB gives them, with the mark of the kind for a missing one: an infinite number is one."""
    plain = fill_masked(values, np.datetime64("NaT") if kind == "time" else np.nan)
    asked = options.get_format(name)
    if kind == "number":
        plain = np.where(np.isinf(plain) | np.isin(plain, asked.missing_numbers), np.nan, plain)
    column = RawColumn(name, kind, plain)
    return column.as_text() if asked.kind == "text" else column
