"""Scans of files with typed columns: Parquet, JSON, and a temporary Parquet copy of the table of an HDF5 file."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nntrain.compute.array import Array
from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.duckdb_settings import COMPRESSED, DUCKDB_SETTINGS, UNCOMPRESSED, build_reader_call
from nntrain.data.readers.scan import Scan, quote_identifier
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder

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


def copy_blocks(path: Path, names: Sequence[str], blocks: Iterable[Sequence[Array]], notes: Sequence[str]) -> Scan:
    """Scan a copy of blocks of rows, in which each column has one type, until this process ends.

    ``path``: the file of the user. DataError for duplicate column names, or if there are no rows.
    """
    import duckdb

    check_column_names(names)
    folder = Path(tempfile.mkdtemp(dir=get_process_folder()))
    files = []
    with duckdb.connect(config=DUCKDB_SETTINGS) as connection:
        for number, block in enumerate(blocks):
            connection.register("block", {f"c{place}": values for place, values in enumerate(block)})
            # DuckDB infers the types of objects from their values, which may all be missing.
            types = ["::VARCHAR" if values.dtype.kind == "O" else "" for values in block]
            columns = ", ".join(f"c{place}{type_} AS c{place}" for place, type_ in enumerate(types))
            file = folder / f"{number}.parquet"
            file.touch()
            files.append(get_plain_name(file))
            query = f"COPY (SELECT {columns} FROM block) TO ? (FORMAT parquet, USE_TMP_FILE false)"
            connection.execute(query, files[-1:])
            connection.unregister("block")
    if not files:
        raise DataError(f"{path}: the file has names of columns, but no rows")
    identifiers = {name: f"c{place}" for place, name in enumerate(names)}
    found = tuple(f"{path}: {note}" for note in notes)
    scan = Scan(path, build_reader_call("read_parquet"), (files,), identifiers, format_name="HDF5", notes=found)
    return replace(scan, types=dict(zip(names, scan.read_schema().values(), strict=True)))


def check_column_names(names: Sequence[str]) -> None:
    """DataError for duplicate or empty column names."""
    found: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            raise DataError(f"column {number} of {len(names)} has no name; give it one")
        if name in found:
            raise DataError(f"columns {found[name]} and {number} are both named {name!r}; rename one of them")
        found[name] = number
