"""A temporary Parquet copy of a table, which keeps the types of the values."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS, build_reader_call
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder


@dataclass(frozen=True)
class ParquetCopy:
    """Parquet files in ``folder``; their columns c0, c1, ... have these ``names``."""

    folder: Path
    names: Sequence[str]
    notes: Sequence[str] = ()

    @classmethod
    def write(cls, names: Sequence[str], blocks: Iterable[Sequence[Array]], notes: Sequence[str] = ()) -> Self:
        """Write blocks of rows, in which each column has one type. DataError for duplicate column names."""
        import duckdb

        check_column_names(names)
        folder = Path(tempfile.mkdtemp(dir=get_process_folder()))
        with duckdb.connect(config=DUCKDB_SETTINGS) as connection:
            for number, block in enumerate(blocks):
                connection.register("block", {f"c{place}": values for place, values in enumerate(block)})
                # DuckDB infers the types of objects from their values, which may all be missing.
                types = ["::VARCHAR" if values.dtype.kind == "O" else "" for values in block]
                columns = ", ".join(f"c{place}{type_} AS c{place}" for place, type_ in enumerate(types))
                file = folder / f"{number:06}.parquet"
                file.touch()
                query = f"COPY (SELECT {columns} FROM block) TO ? (FORMAT parquet, USE_TMP_FILE false)"
                connection.execute(query, [get_plain_name(file)])
                connection.unregister("block")
        return cls(folder, names, notes)

    def scan(self, path: Path, form: str) -> Scan:
        """Scan the copy instead of the file ``path``. DataError if there are no rows."""
        files = [get_plain_name(file) for file in sorted(self.folder.iterdir())]
        if not files:
            raise DataError(f"{path}: the file names {len(self.names)} columns and has no rows")
        columns = {name: f"c{place}" for place, name in enumerate(self.names)}
        notes = tuple(f"{path}: {note}" for note in self.notes)
        scan = Scan(path, build_reader_call("read_parquet"), (files,), columns, format_name=form, notes=notes)
        return replace(scan, types=dict(zip(self.names, scan.read_schema().values(), strict=True)))


def check_column_names(names: Sequence[str]) -> None:
    """DataError for duplicate or empty column names."""
    found: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            raise DataError(f"column {number} of {len(names)} has no name; give it one")
        if name in found:
            raise DataError(f"columns {found[name]} and {number} are both named {name!r}; rename one of them")
        found[name] = number
