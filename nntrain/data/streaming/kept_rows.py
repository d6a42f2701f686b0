"""Columns of a file too large for memory that go along with what is made of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.data.csv_scan import CsvScan
from nntrain.data.file_options import FileOptions
from nntrain.data.kept_column import KeptColumn, type_of
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.raw_column import RawColumn
from nntrain.data.read_options import ReadOptions
from nntrain.data.scan import Scan
from nntrain.data.streaming.disk_table import READING, DiskTable
from nntrain.data.table_source import parsed, scan_of, stripped
from nntrain.errors import DataError

if TYPE_CHECKING:
    import duckdb

__all__ = ["KeptRows"]

Texts = Sequence[str | None]

# Rows of a column that are looked at together.
ROWS = 2**15


class KeptRows:
    """The cells of some columns in a temporary database, of which blocks of rows are read."""

    def __init__(
        self,
        scan: Scan,
        connection: duckdb.DuckDBPyConnection,
        names: Sequence[str],
        formats: Mapping[str, ColumnFormat],
    ) -> None:
        self._scan = scan
        self._connection = connection
        self._columns = {name: f"c{number}" for number, name in enumerate(names)}
        self._formats = formats
        ((self._rows,),) = connection.execute("SELECT count(*) FROM kept").fetchall()
        # What cannot be decided stays text.
        self._types = {name: type_of(self._pieces(name)) if name in formats else "VARCHAR" for name in names}

    @classmethod
    @contextmanager
    def opened(
        cls, path: Path, names: Sequence[str], options: FileOptions, folder: Path, memory: int
    ) -> Iterator[KeptRows]:
        """Copy the columns ``names`` into a database in ``folder``, with DuckDB using ``memory`` bytes at most."""
        scan = scan_of(path, options).narrowed(names).within(memory, folder)
        formats = formats_of_text(path, names, options, folder, memory) if isinstance(scan, CsvScan) else {}
        cells = ", ".join(f"CAST({scan.columns[name]} AS VARCHAR) AS c{number}" for number, name in enumerate(names))
        with scan.connected(str(folder / "kept.db")) as connection:
            connection.execute(f"CREATE TABLE kept AS SELECT {cells} FROM {scan.source}", scan.parameters)
            connection.execute("SET threads = 1")
            connection.execute(f"SET memory_limit = '{READING}'")
            yield cls(scan, connection, names, formats)

    def __getitem__(self, rows: slice) -> dict[str, KeptColumn]:
        """The columns of some rows."""
        found = {}
        for name, type_ in self._types.items():
            texts, column = self._read(name, rows.start, rows.stop)
            if not isinstance(self._scan, CsvScan):
                found[name] = KeptColumn.stored(texts, self._scan.types[name])
            elif column is None:
                found[name] = KeptColumn.stored(texts, type_)
            else:
                found[name] = KeptColumn.read(texts, column, type_)
        return found

    def _read(self, name: str, begin: int, end: int) -> tuple[Texts, RawColumn | None]:
        """The cells of some rows, and what those of a text file are read as."""
        place = self._columns[name]
        query = f"SELECT {place} FROM kept WHERE rowid >= {begin} AND rowid < {end}"
        values = self._connection.execute(query).fetchnumpy()[place]
        form = self._formats.get(name)
        column = None if form is None else parsed(stripped(self._scan, name, values), form)
        return np.ma.asarray(values).tolist(), column

    def _pieces(self, name: str) -> Iterator[tuple[Texts, RawColumn]]:
        for begin in range(0, self._rows, ROWS):
            texts, column = self._read(name, begin, begin + ROWS)
            assert column is not None
            yield texts, column


def formats_of_text(
    path: Path, names: Sequence[str], options: FileOptions, folder: Path, memory: int
) -> Mapping[str, ColumnFormat]:
    """How the cells of columns of a text file are read; none if that cannot be decided."""
    try:
        with DiskTable.made(path, folder / "formats.db", memory, ReadOptions(options), only=names) as table:
            return table.formats
    except DataError:
        return {}
