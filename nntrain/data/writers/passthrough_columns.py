"""Columns of a file that are written next to predictions for its rows, in memory or in a temporary database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias, overload

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.table_reader import open_scan, parse_texts, read_table, strip_texts
from nntrain.data.streaming.disk_table import READ_MEMORY, DiskTable
from nntrain.data.tables.data_table import find_column
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError

if TYPE_CHECKING:
    import duckdb

# Number of rows of the database to process at once.
BLOCK_ROWS = 2**15

# An integer in canonical form.
INTEGER_PATTERN = re.compile(r"-?(0|[1-9][0-9]*)")

# Number of digits that always fit into 64 bits, and of the largest integer type that DuckDB writes to Parquet.
BIGINT_DIGITS, MAX_DIGITS = 18, 38

# DuckDB's types for these integers, and for the kinds of columns of a text file.
INTEGER_TYPES = ("BIGINT", "DECIMAL(38,0)")
SQL_TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMP", "text": "VARCHAR"}

# DuckDB types that Parquet lacks, or stores inexactly.
STORED_TYPES = {"HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)", "JSON": "VARCHAR", "UUID": "VARCHAR"}


@dataclass(frozen=True)
class PassthroughColumn(Sequence[object]):
    """A sequence of the ``texts`` in the file, None for an empty cell.

    ``values``: the same in DuckDB's notation, None if missing; ``type``: their DuckDB type.
    """

    texts: Sequence[str | None]
    values: Sequence[str | None]
    type: str

    @classmethod
    def build(cls, texts: Sequence[str | None], type_: str, column: RawColumn | None = None) -> Self:
        """Build a column of a file with typed columns, or of a text file from its cells and their values.

        ``type_``: the stored type, or that of ``infer_text_type``.
        """
        if column is None or type_ == "VARCHAR":
            return cls(texts, texts, STORED_TYPES.get(type_, "VARCHAR" if type_.startswith("ENUM") else type_))
        missing = column.missing
        if type_ in INTEGER_TYPES:
            plain = [None if empty else (text or "").strip() for text, empty in zip(texts, missing, strict=True)]
            return cls(texts, plain, type_)
        values = column.values.astype(bool) if column.kind == "boolean" else column.values
        return cls(texts, [None if empty else str(value) for value, empty in zip(values, missing, strict=True)], type_)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> str | Self | None:
        if isinstance(index, slice):
            return type(self)(self.texts[index], self.values[index], self.type)
        return self.texts[index]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)

    def to_array(self) -> Array:
        """Convert the values for HDF5: floats, integers and booleans if none is missing, else strings."""
        if self.type in ("DOUBLE", "FLOAT"):
            return np.array([np.nan if value is None else float(value) for value in self.values])
        if None not in self.values and self.type.endswith("INT"):
            return np.array([int(value or 0) for value in self.values])
        if None not in self.values and self.type == "BOOLEAN":
            return np.array([(value or "").lower() == "true" for value in self.values])
        return np.array(self.values, object)


# Columns of a block of rows: floats, integers, booleans, or strings in an array of objects. All blocks of a file have
# the same columns.
ColumnBlock: TypeAlias = Mapping[str, Array | PassthroughColumn]


def infer_text_type(chunks: Iterable[tuple[Sequence[str | None], RawColumn]]) -> str:
    """Infer the DuckDB type of a column of a text file from its cells and their values: long integers stay exact."""
    kind, digits, known, is_integer = "text", 0, False, True
    for texts, column in chunks:
        kind = column.kind
        cells = [(text or "").strip() for text, empty in zip(texts, column.missing, strict=True) if not empty]
        known = known or bool(cells)
        digits = max([digits, *(len(text.lstrip("-")) for text in cells)])
        is_integer = is_integer and kind in ("number", "text") and all(map(INTEGER_PATTERN.fullmatch, cells))
    if known and is_integer and digits <= MAX_DIGITS:
        return INTEGER_TYPES[digits > BIGINT_DIGITS]
    return SQL_TYPES[kind] if known else "VARCHAR"


def resolve_passthrough_names(path: Path, names: Sequence[str]) -> list[str]:
    """Normalize column names. DataError for a column that does not exist."""
    if not names:
        return []
    file = DataFile.open(path)
    if file.has_arrays():
        raise DataError(f"{path}: the arrays of an HDF5 file have no columns to keep")
    scan = open_scan(file, FileOptions())
    names = [normalize_name(name) for name in names]
    for name in names:
        find_column(str(path), scan.columns, name)
    return names


def read_passthrough_columns(path: Path, names: Sequence[str]) -> dict[str, PassthroughColumn]:
    """Read the texts and values of the columns ``names`` into memory."""
    scan = open_scan(DataFile.open(path), FileOptions())
    arrays = scan.select_named({name: f"CAST({scan.columns[name]} AS VARCHAR)" for name in names})
    columns: Mapping[str, RawColumn] = {}
    if isinstance(scan, CsvScan):
        # Ambiguous columns stay text.
        with suppress(DataError):
            columns = read_table(path, only=names).columns
    found = {}
    for name, values in arrays.items():
        texts, column = np.ma.asarray(values).tolist(), columns.get(name)
        type_ = scan.types[name] if column is None else infer_text_type([(texts, column)])
        found[name] = PassthroughColumn.build(texts, type_, column)
    return found


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
        self._types = {
            name: infer_text_type(self._iterate_chunks(name)) if name in formats else scan.types[name] for name in names
        }

    @classmethod
    @contextmanager
    def open(cls, path: Path, names: Sequence[str], folder: Path, memory: int) -> Iterator[PassthroughRows]:
        """Copy the columns ``names`` to a database in ``folder``. DuckDB uses at most ``memory`` bytes."""
        scan = open_scan(DataFile.open(path), FileOptions()).select_columns(names).limit_memory(memory, folder)
        formats: Mapping[str, ColumnFormat] = {}
        if isinstance(scan, CsvScan):
            # Ambiguous columns stay text.
            with (
                suppress(DataError),
                DiskTable.create(path, folder / "formats.db", memory, ReadOptions(), only=names) as table,
            ):
                formats = table.formats
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
            found[name] = PassthroughColumn.build(texts, type_, column)
        return found

    def _read(self, name: str, begin: int, end: int) -> tuple[Sequence[str | None], RawColumn | None]:
        """Read the cells of rows ``begin:end``, and their values if the file is a text file."""
        identifier = self._columns[name]
        query = f"SELECT {identifier} FROM kept WHERE rowid >= {begin} AND rowid < {end}"
        values = self._connection.execute(query).fetchnumpy()[identifier]
        form = self._formats.get(name)
        column = None if form is None else parse_texts(strip_texts(self._scan, name, values), form)
        return np.ma.asarray(values).tolist(), column

    def _iterate_chunks(self, name: str) -> Iterator[tuple[Sequence[str | None], RawColumn]]:
        for begin in range(0, self._rows, BLOCK_ROWS):
            texts, column = self._read(name, begin, begin + BLOCK_ROWS)
            assert column is not None
            yield texts, column


def prepend_columns(
    kept: Mapping[str, PassthroughColumn] | PassthroughRows, blocks: Iterable[ColumnBlock]
) -> Iterator[ColumnBlock]:
    """Yield the blocks with the kept columns before their own."""
    start = 0
    for block in blocks:
        rows = slice(start, start + len(next(iter(block.values()))))
        cells = (
            kept[rows] if isinstance(kept, PassthroughRows) else {name: values[rows] for name, values in kept.items()}
        )
        # A column of the block with the name of a kept one becomes ``predicted NAME``.
        own = {f"predicted {name}" if name in cells else name: values for name, values in block.items()}
        yield {**cells, **own}
        start = rows.stop
