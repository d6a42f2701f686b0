"""Files whose columns have types of their own, as DuckDB reads them: Parquet and JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.duckdb_settings import COMPRESSED, UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan, quote_identifier
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name

__all__ = ["scan_json", "scan_parquet"]

# What pandas calls the index of a table in Parquet.
PANDAS_INDEX = "__index_level_0__"


def scan_parquet(path: Path, copy: Path | None = None) -> Scan:
    """A Parquet file, or a ``copy`` of the file ``path`` in Parquet. DataError for two columns of one name."""
    source = build_reader_call("read_parquet", "file_row_number=false, binary_as_string=false")
    return scan_typed(path, copy or path, source, "Parquet")


def scan_json(path: Path, *, compressed: bool) -> Scan:
    """A file of JSON: a list of rows, or a row a line. DataError for two columns of one name."""
    compression = COMPRESSED if compressed else UNCOMPRESSED
    return scan_typed(
        path, path, build_reader_call("read_json", f"auto_detect=true, compression='{compression}'"), "JSON"
    )


def scan_typed(path: Path, file: Path, source: str, form: str) -> Scan:
    """A file whose columns have names and types of their own. DataError for two columns of one name."""
    scan = Scan(path, source, (get_plain_name(file),), format_name=form)
    described = scan.read_schema()
    found = read_column_names(scan, list(described)) if form == "Parquet" else list(described)
    columns: dict[str, str] = {}
    types: dict[str, str] = {}
    for (name, type_), true_name in zip(described.items(), map(normalize_name, found), strict=True):
        if true_name == PANDAS_INDEX:
            continue
        if true_name in columns:
            raise DataError(f"{path}: two columns are named {true_name!r}; rename one of them")
        columns[true_name] = build_value_expression(quote_identifier(name), type_)
        types[true_name] = type_
    notes = [f"{path}: the index that pandas wrote, {PANDAS_INDEX}, is dropped"] if PANDAS_INDEX in found else []
    return replace(scan, columns=columns, types=types, notes=tuple(notes))


def read_column_names(scan: Scan, names: list[str]) -> list[str]:
    """The names in a Parquet file: to DuckDB 'a' and 'A' are one, and it renames the second."""
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


def build_value_expression(column: str, type_: str) -> str:
    """The value of a column. A column of numbers and strings is JSON to DuckDB, in which text has quotes."""
    return f"({column} ->> '$')" if type_ == "JSON" else column
