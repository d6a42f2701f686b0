"""A temporary copy of a table in Parquet, which keeps the types of its values."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nntrain.data.array import Array
from nntrain.data.duckdb_files import SETTINGS, reading
from nntrain.data.scan import Scan
from nntrain.errors import DataError
from nntrain.files.plain_name import plain_name
from nntrain.files.temporary_folder import process_folder

__all__ = ["TypedCopy", "sql_type"]

# DuckDB's types for numpy's kinds of arrays; those of numbers are named by their bytes.
TYPES = {"b": "BOOLEAN", "M": "TIMESTAMP", "O": "VARCHAR"}
INTEGERS = {1: "TINYINT", 2: "SMALLINT", 4: "INTEGER", 8: "BIGINT"}
FLOATS = {4: "FLOAT", 8: "DOUBLE"}


@dataclass(frozen=True)
class TypedCopy:
    """Files of Parquet in ``folder``, which have the columns c0, c1, ... of these ``names`` and ``types``."""

    folder: Path
    names: Sequence[str]
    types: Sequence[str]
    notes: Sequence[str] = ()

    @classmethod
    def of(cls, names: Sequence[str], blocks: Iterable[Sequence[Array]], notes: Sequence[str] = ()) -> TypedCopy:
        """Write blocks of rows, in which a column has the same type. DataError for two columns of one name."""
        import duckdb

        check_distinct(names)
        folder = Path(tempfile.mkdtemp(dir=process_folder()))
        types: list[str] = []
        with duckdb.connect(config=SETTINGS) as connection:
            for number, block in enumerate(blocks):
                types = types or [sql_type(values) for values in block]
                connection.register("block", {f"c{place}": values for place, values in enumerate(block)})
                columns = ", ".join(f"CAST(c{place} AS {type_}) AS c{place}" for place, type_ in enumerate(types))
                file = folder / f"{number:06}.parquet"
                file.touch()
                query = f"COPY (SELECT {columns} FROM block) TO ? (FORMAT parquet, USE_TMP_FILE false)"
                connection.execute(query, [plain_name(file)])
                connection.unregister("block")
        return cls(folder, names, types, notes)

    def scan(self, path: Path, form: str) -> Scan:
        """What DuckDB selects from in place of the file ``path``. DataError if there are no rows."""
        if not self.types:
            raise DataError(f"{path}: the file names {len(self.names)} columns and has no rows")
        columns = {name: f"c{place}" for place, name in enumerate(self.names)}
        types = dict(zip(self.names, self.types, strict=True))
        files = [plain_name(file) for file in sorted(self.folder.iterdir())]
        notes = tuple(f"{path}: {note}" for note in self.notes)
        return Scan(path, reading("read_parquet"), (files,), columns, types, form=form, notes=notes)


def check_distinct(names: Sequence[str]) -> None:
    """DataError for two columns of one name, or one without."""
    found: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            raise DataError(f"column {number} of {len(names)} has no name; give it one")
        if name in found:
            raise DataError(f"columns {found[name]} and {number} are both named {name!r}; rename one of them")
        found[name] = number


def sql_type(values: Array) -> str:
    """DuckDB's type for an array."""
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind in TYPES:
        return TYPES[kind]
    if kind == "f":
        return FLOATS[size]
    return f"U{INTEGERS[size]}" if kind == "u" else INTEGERS[size]
