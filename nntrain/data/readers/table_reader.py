"""Read tables from files of any supported format through DuckDB."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.text_counts import TextCounts
from nntrain.data.readers.csv.csv_numbers import find_plain_columns, infer_plain_decimals, read_plain_columns
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.data_file import DataFile, find_reader
from nntrain.data.readers.excel import Excel
from nntrain.data.readers.feather import copy_to_parquet
from nntrain.data.readers.file_reader import FileReader, convert_to_json
from nntrain.data.readers.known_labels import build_lookups, choose_labels, decode_lookup, get_index_name
from nntrain.data.readers.scan import Scan, fill_masked
from nntrain.data.readers.scan_columns import ScanColumns, infer_formats
from nntrain.data.readers.typed_scan import scan_json, scan_parquet
from nntrain.data.readers.zip_archive import extract_member, report_archive_path
from nntrain.data.stores.table_search import copy_table
from nntrain.data.streaming.table_file import TableFile
from nntrain.data.tables.coded_column import CodedColumn, factorize, to_text
from nntrain.data.tables.column_statistics import are_integers
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError


def read_table(path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> DataTable:
    """Read all rows of a file, in its order.

    ``only``: the columns to read, as far as they exist; if none does, all. DataError, one line, for a file that cannot
    be read, a value that does not match its column, or an ambiguous format.
    """
    options = options or ReadOptions()
    with report_archive_path(path):
        file = DataFile.open(path)
        if file.format == "converted":
            with TableFile.open(path, options.formats) as table:
                return table.block([name for name in table.kinds if name in only] or list(table.kinds), 0, table.rows)
        return read_scan(path, open_scan(file, options.file).select_columns(only), options)


def read_scan(path: Path, scan: Scan, options: ReadOptions) -> DataTable:
    """Read all rows of a scan of ``path``, or of a file that was unpacked from it."""
    plan = ScanColumns.from_scan(scan, options)
    decimals: frozenset[str] = frozenset()
    labels = choose_labels(scan, plan.texts, options.labels)
    lookups = build_lookups(scan, labels)
    if isinstance(scan, CsvScan):
        columns, arrays = read_plain_columns(scan, find_plain_columns(scan, plan.texts), scan.columns | lookups)
        decimals = infer_plain_decimals(scan, list(columns))
    else:
        arrays = scan.select_named(plan.build_expressions(scan) | lookups)
        columns = {name: build_column(name, kind, arrays.pop(name), options) for name, kind in plan.kinds.items()}
    indices = {name: arrays.pop(get_index_name(name)) for name in labels}
    texts = {
        name: strip_labels(scan, decode_lookup(name, values, indices[name], labels[name]))
        if name in labels
        else strip_texts(scan, name, values)
        for name, values in arrays.items()
    }
    inferred, notes = infer_text_formats(scan, plan, texts, options, decimals)
    if isinstance(scan, CsvScan) and has_ambiguous_points(inferred, decimals):
        doubtful = [name for name, column in columns.items() if not are_integers(column.known)]
        arrays = scan.select_named({name: scan.columns[name] for name in doubtful})
        texts |= {name: strip_texts(scan, name, values) for name, values in arrays.items()}
        inferred, notes = infer_text_formats(scan, plan, texts, options, scan.decimals)
    columns |= {name: parse_texts(column, inferred[name]) for name, column in texts.items()}
    formats = {name: ColumnFormat(kind=kind) for name, kind in plan.kinds.items()}
    formats |= {name: ColumnFormat.plain(form.missing) for name, form in plan.texts.items()} | inferred
    columns = {name: columns[name] for name in scan.columns}
    rows = len(next(iter(columns.values())))
    if not rows:
        raise DataError(f"{path}: the file has names of columns, but no rows")
    formats = {name: formats[name] for name in scan.columns}
    return DataTable(str(path), columns, rows, formats, (*scan.notes, *plan.notes, *notes), scan.has_header)


def infer_text_formats(
    scan: Scan, plan: ScanColumns, texts: Mapping[str, CodedColumn], options: ReadOptions, decimals: Collection[str]
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """Infer the format of each column of texts; return notes with them."""
    counted = []
    for name, column in texts.items():
        counts = {text: rows for text, rows in column.count_values().items() if text}
        counted.append(TextCounts(name, counts, plan.texts[name], options.trained.get(name)))
    return infer_formats(scan, counted, decimals)


def has_ambiguous_points(formats: Mapping[str, ColumnFormat], decimals: Collection[str]) -> bool:
    """Whether 1.743 may mean 1743 in this file, so that numbers with a point must be read as texts."""
    return set(decimals) != {"."} or any(form.decimal == "," for form in formats.values())


def strip_texts(scan: Scan, name: str, values: Array) -> CodedColumn:
    """Strip the whitespace around the texts of a column, except in Parquet; None for missing ones."""
    return strip_labels(scan, factorize(RawColumn(name, "text", fill_masked(values, None))))


def strip_labels(scan: Scan, column: CodedColumn) -> CodedColumn:
    """Strip the whitespace around the labels of a column, except in Parquet."""
    if not scan.strips_texts:
        return column
    labels = np.empty(len(column.labels), object)
    labels[:] = [None if label is None else label.strip() or None for label in column.labels]
    return CodedColumn(column.name, column.codes, labels).merge_labels()


def parse_texts(column: CodedColumn, column_format: ColumnFormat) -> RawColumn:
    """Convert texts of a format to values."""
    assert column_format.kind is not None, "an inferred format has a kind"
    if column_format.kind == "text" and column_format.missing == ():
        return column
    present = np.array([label is not None for label in column.labels], bool)
    texts = np.where(present, column.labels, "")
    values = column_format.parse(texts)
    if column_format.kind == "text":
        return CodedColumn(column.name, column.codes, values)
    return RawColumn(column.name, column_format.kind, values[column.codes])


def open_scan(file: DataFile, options: FileOptions) -> Scan:
    """Return the scan of a file, made once for the file as it is. A converted table has none: see ``TableFile``."""
    return file.once(build_scan, options)


def build_scan(file: DataFile, options: FileOptions) -> Scan:
    """Build the scan for the format of a file."""
    if file.format == "parquet":
        return scan_parquet(file.path)
    if file.format == "hdf5":
        return file.once(copy_table, options.sheet)
    if file.format == "feather":
        return scan_parquet(file.path, file.once(copy_to_parquet))
    if file.format == "workbook":
        return file.once(convert_to_json, Excel(options.sheet, options.header is not False))
    if file.format == "zip":
        with report_archive_path(file.path):
            inner = DataFile.open(extract_member(file, options.sheet))
            # An archive can contain itself.
            if inner.format == "zip":
                raise DataError(f"{inner.path}: an archive inside an archive; unpack it first")
            return open_scan(inner, replace(options, sheet=None))
    if file.format == "json":
        return scan_json(file.path, compressed=file.is_compressed)
    if file.format == "plugin" and (reader := find_reader(file.path)) is not None:
        return file.once(convert_to_json, get_reader(reader))
    return CsvScan.from_file(file, options)


@cache
def get_reader(reader: type[FileReader]) -> FileReader:
    """Return the same reader for a class each time, so that a file is converted once."""
    return reader()


def build_column(name: str, kind: ValueKind, values: Array, options: ReadOptions) -> RawColumn:
    """Build a column from DuckDB's values, in which infinite numbers are missing."""
    plain = fill_masked(values, np.datetime64("NaT") if kind == "time" else np.nan)
    asked = options.get_format(name)
    if kind == "number":
        plain = np.where(np.isinf(plain) | np.isin(plain, asked.missing_numbers), np.nan, plain)
    column = RawColumn(name, kind, plain)
    return to_text(column) if asked.kind == "text" else column
