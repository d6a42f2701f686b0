"""Scans of files with typed columns: Parquet and JSON."""

from dataclasses import replace
from pathlib import Path

from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.duckdb_settings import COMPRESSED, UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan, quote_identifier
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name

# The name of the index that pandas writes to Parquet.
PANDAS_INDEX = "__index_level_0__"


def scan_parquet(path: Path, copy: Path | None = None) -> Scan:
    """Scan a Parquet file, or a Parquet ``copy`` of ``path``. DataError for duplicate column names."""
    call = build_reader_call("read_parquet", "file_row_number=false, binary_as_string=false")
    return find_columns(Scan(path, call, (get_plain_name(copy or path),), format_name="Parquet"))


def scan_json(path: Path, *, compressed: bool) -> Scan:
    """Scan a JSON file: a list of rows, or one row per line. DataError for duplicate column names."""
    compression = COMPRESSED if compressed else UNCOMPRESSED
    call = build_reader_call("read_json", f"auto_detect=true, compression='{compression}'")
    return find_columns(Scan(path, call, (get_plain_name(path),), format_name="JSON"))


def find_columns(scan: Scan) -> Scan:
    """Return the scan with the columns that are in the file. DataError for duplicate column names."""
    described = scan.read_schema()
    found = read_column_names(scan, list(described)) if scan.format_name == "Parquet" else list(described)
    columns: dict[str, str] = {}
    types: dict[str, str] = {}
    for (name, type_), true_name in zip(described.items(), map(normalize_name, found), strict=True):
        if true_name == PANDAS_INDEX:
            continue
        if true_name in columns:
            raise DataError(f"{scan.path}: two columns are named {true_name!r}; rename one of them")
        identifier = quote_identifier(name)
        # In a JSON value, which is what DuckDB finds in columns of numbers and strings, strings have quotes.
        columns[true_name] = f"({identifier} ->> '$')" if type_ == "JSON" else identifier
        types[true_name] = type_
    notes = [f"{scan.path}: the index that pandas wrote, {PANDAS_INDEX}, is dropped"] if PANDAS_INDEX in found else []
    return replace(scan, columns=columns, types=types, notes=tuple(notes))


def read_column_names(scan: Scan, names: list[str]) -> list[str]:
    """Read the column names of a Parquet file: DuckDB does not distinguish 'a' and 'A', and renames the second."""
    with scan.connect() as connection:
        query = "SELECT name, num_children FROM parquet_schema(?)"
        rows = iter(connection.execute(query, scan.parameters).fetchall())
    next(rows)
    found = []
    for name, children in rows:
        found.append(str(name))
        left = children or 0
        while left:
            left += (next(rows)[1] or 0) - 1
    return found if len(found) == len(names) else names
