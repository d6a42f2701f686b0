"""A temporary Parquet copy of the table of an HDF5 file, which keeps the types of the values."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS, build_reader_call
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder


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
        raise DataError(f"{path}: the file names {len(names)} columns and has no rows")
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
