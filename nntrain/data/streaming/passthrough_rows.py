"""Columns of a file too large for memory that are written next to predictions for its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.data.options.file_options import FileOptions
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.table_reader import open_scan, parse_texts, strip_texts
from nntrain.data.streaming.disk_table import READ_MEMORY, DiskTable
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.writers.passthrough_column import PassthroughColumn, infer_text_type
from nntrain.errors import DataError

if TYPE_CHECKING:
    import duckdb

CellTexts = Sequence[str | None]

# Number of rows to process at once.
BLOCK_ROWS = 2**15


class PassthroughRows:
    """The cells of columns in a temporary database, read in blocks of rows."""

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
        # Ambiguous columns stay text.
        self._types = {
            name: infer_text_type(self._iterate_chunks(name)) if name in formats else "VARCHAR" for name in names
        }

    @classmethod
    @contextmanager
    def open(
        cls, path: Path, names: Sequence[str], options: FileOptions, folder: Path, memory: int
    ) -> Iterator[PassthroughRows]:
        """Copy the columns ``names`` to a database in ``folder``. DuckDB uses at most ``memory`` bytes."""
        scan = open_scan(DataFile.open(path), options).select_columns(names).limit_memory(memory, folder)
        formats = infer_text_formats(path, names, options, folder, memory) if isinstance(scan, CsvScan) else {}
        cells = ", ".join(f"CAST({scan.columns[name]} AS VARCHAR) AS c{number}" for number, name in enumerate(names))
        with scan.connect(str(folder / "kept.db")) as connection:
            connection.execute(f"CREATE TABLE kept AS SELECT {cells} FROM {scan.source}", scan.parameters)
            connection.execute("SET threads = 1")
            connection.execute(f"SET memory_limit = '{READ_MEMORY}'")
            yield cls(scan, connection, names, formats)

    def __getitem__(self, rows: slice) -> dict[str, PassthroughColumn]:
        """Return the columns of a slice of rows."""
        found = {}
        for name, type_ in self._types.items():
            texts, column = self._read(name, rows.start, rows.stop)
            if not isinstance(self._scan, CsvScan):
                found[name] = PassthroughColumn.from_stored(texts, self._scan.types[name])
            elif column is None:
                found[name] = PassthroughColumn.from_stored(texts, type_)
            else:
                found[name] = PassthroughColumn.from_texts(texts, column, type_)
        return found

    def _read(self, name: str, begin: int, end: int) -> tuple[CellTexts, RawColumn | None]:
        """Read the cells of rows ``begin:end``, and their values if the file is a text file."""
        identifier = self._columns[name]
        query = f"SELECT {identifier} FROM kept WHERE rowid >= {begin} AND rowid < {end}"
        values = self._connection.execute(query).fetchnumpy()[identifier]
        form = self._formats.get(name)
        column = None if form is None else parse_texts(strip_texts(self._scan, name, values), form)
        return np.ma.asarray(values).tolist(), column

    def _iterate_chunks(self, name: str) -> Iterator[tuple[CellTexts, RawColumn]]:
        for begin in range(0, self._rows, BLOCK_ROWS):
            texts, column = self._read(name, begin, begin + BLOCK_ROWS)
            assert column is not None
            yield texts, column


def infer_text_formats(
    path: Path, names: Sequence[str], options: FileOptions, folder: Path, memory: int
) -> Mapping[str, ColumnFormat]:
    """Infer the formats of columns of a text file; none if one is ambiguous."""
    try:
        with DiskTable.create(path, folder / "formats.db", memory, ReadOptions(options), only=names) as table:
            return table.formats
    except DataError:
        return {}
