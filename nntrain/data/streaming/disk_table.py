"""The rows of a file in a database on disk."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.format_inference import is_typed_value
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, TextCounts
from nntrain.data.readers.csv.csv_numbers import build_plain_check, infer_plain_decimals, may_be_plain
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import COLUMNS_AT_ONCE, Scan, fill_masked
from nntrain.data.readers.scan_columns import ScanColumns, infer_formats
from nntrain.data.readers.table_reader import build_column, has_ambiguous_points, open_scan, parse_texts, strip_texts
from nntrain.data.streaming.number_storage import find_other_texts, store_numbers, use_threads
from nntrain.data.streaming.streamed_table import STEP_ROWS
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name

if TYPE_CHECKING:
    import duckdb

# DuckDB's memory limit while blocks are read in order: more would not be faster.
READ_MEMORY = "48MiB"

# Maximum number of distinct texts that mean missing values in a column of numbers.
MAX_MARKERS = 1000

# Maximum number of distinct texts of a column in a batch and in a fetch, and of their characters.
MAX_TEXTS, FETCH_SIZE, MAX_CHARACTERS = 2**18, 2**16, 2**25


class DiskTable:
    """The table of ``read_table`` in a temporary DuckDB database, read in blocks of rows.

    Typed numbers, booleans and times are stored as such, and so are texts that are numbers as in Python. Other texts
    are stored as texts, and converted when a block is read.
    """

    def __init__(
        self, scan: Scan, plan: ScanColumns, connection: duckdb.DuckDBPyConnection, options: ReadOptions, rows: int
    ) -> None:
        self.path = str(scan.path)
        self.rows = rows
        self.header = scan.has_header
        self._scan = scan
        self._plan = plan
        self._options = options
        self._connection = connection
        self._columns = {name: number for number, name in enumerate(scan.columns)}
        self._numbers: set[str] = set()
        formats, notes = self._infer_formats()
        found = {name: ColumnFormat(kind=kind) for name, kind in plan.kinds.items()} | formats
        self.formats: Mapping[str, ColumnFormat] = {name: found[name] for name in scan.columns}
        self.kinds: dict[str, ValueKind] = {name: cast(ValueKind, form.kind) for name, form in self.formats.items()}
        self.kinds |= {name: "text" for name in plan.kinds if options.get_format(name).kind == "text"}
        self.notes = (*scan.notes, *plan.notes, *notes)

    @classmethod
    @contextmanager
    def create(
        cls, path: Path, database: Path, memory: int, options: ReadOptions, *, only: Collection[str] = ()
    ) -> Iterator[DiskTable]:
        """Read a file into ``database``, which is deleted at the end. DuckDB uses at most ``memory`` bytes.

        DataError, one line, as in ``read_table``, or if the disk is full.
        """
        file, folder = DataFile.open(path), database.parent
        # DuckDB would change such a name.
        if set("?\\") & set(Path(os.path.realpath(folder)).as_posix()):
            raise DataError(f"{folder}: expected a path without ? and \\; choose another folder: data.cache")
        scan = open_scan(file, options.file).select_columns(only).limit_memory(memory, folder)
        plan = ScanColumns.from_scan(scan, options)
        expressions = list(plan.build_expressions(scan).values())
        try:
            with scan.connect(get_plain_name(folder) + f"/{database.name}") as connection:
                for first in range(0, len(expressions), COLUMNS_AT_ONCE):
                    lot = enumerate(expressions[first : first + COLUMNS_AT_ONCE], first)
                    values = ", ".join(f"{value} AS c{number}" for number, value in lot)
                    connection.execute(f"CREATE TABLE t{first} AS SELECT {values} FROM {scan.source}", scan.parameters)
                ((rows,),) = connection.execute("SELECT count(*) FROM t0").fetchall()
                if not rows:
                    raise DataError(f"{path}: the file has names of columns, but no rows")
                connection.execute("SET threads = 1")
                table = cls(scan, plan, connection, options, rows)
                connection.execute(f"SET memory_limit = '{READ_MEMORY}'")
                yield table
        finally:
            for left in folder.glob(f"{database.name}*"):
                left.unlink(missing_ok=True)

    def block(self, names: Sequence[str], begin: int, end: int) -> DataTable:
        """Read columns of the rows ``begin:end``."""
        lots: dict[int, list[str]] = {}
        for name in names:
            lots.setdefault(self._columns[name] // COLUMNS_AT_ONCE * COLUMNS_AT_ONCE, []).append(name)
        found: dict[str, RawColumn] = {}
        for first, some in lots.items():
            values = ", ".join(f"c{self._columns[name]}" for name in some)
            query = f"SELECT {values} FROM t{first} WHERE rowid >= {begin} AND rowid < {end}"
            arrays = self._connection.execute(query).fetchnumpy()
            for name in some:
                cells = arrays[f"c{self._columns[name]}"]
                if name in self._numbers:
                    found[name] = RawColumn(name, "number", fill_masked(cells, np.nan))
                elif name in self._plan.kinds:
                    found[name] = build_column(name, self._plan.kinds[name], cells, self._options)
                else:
                    found[name] = parse_texts(strip_texts(self._scan, name, cells), self.formats[name])
        return DataTable(self.path, {name: found[name] for name in names}, min(end, self.rows) - begin)

    def _infer_formats(self) -> tuple[dict[str, ColumnFormat], list[str]]:
        """Infer the formats of the text columns; columns of plain numbers need no look at each text."""
        asked = self._plan.texts
        plain = [name for name in asked if may_be_plain(asked[name]) and self._is_plain(name)]
        known = set(plain)
        texts = [next(self._count_texts(name)) for name in asked if name not in known]
        decimals = infer_plain_decimals(self._scan, plain) if isinstance(self._scan, CsvScan) else frozenset()
        formats, notes = infer_formats(self._scan, texts, decimals)
        if plain and has_ambiguous_points(formats, decimals):
            texts = [next(self._count_texts(name)) for name in asked]
            formats, notes = infer_formats(self._scan, texts, self._scan.decimals)
            plain = []
        for some in texts:
            if not some.complete and formats[some.name].kind != "text":
                self._check_all(some.name, formats[some.name])
        formats |= {name: ColumnFormat.plain(asked[name].missing) for name in plain}
        self._store_numbers(formats, plain)
        return formats, notes

    def _store_numbers(self, formats: Mapping[str, ColumnFormat], plain: Collection[str]) -> None:
        """Store texts that are numbers as Python writes them, or mean missing values, as numbers."""
        self._numbers = {name for name in formats if name in plain or self._has_python_numbers(name, formats[name])}
        for table in dict.fromkeys(map(self._get_table, self._numbers)):
            columns = [self._get_identifier(name) for name in self._columns if self._get_table(name) == table]
            numbers = {self._get_identifier(name) for name in self._numbers}
            store_numbers(self._connection, table, columns, numbers & set(columns))

    def _has_python_numbers(self, name: str, form: ColumnFormat) -> bool:
        if form.kind != "number" or not form.number.is_plain or form.missing_numbers:
            return False
        table, column = self._get_table(name), self._get_identifier(name)
        others = find_other_texts(self._connection, table, column, self._scan.strip_text(column), MAX_MARKERS + 1)
        markers = parse_texts(strip_texts(self._scan, name, others), form)
        return len(others) <= MAX_MARKERS and bool(markers.missing.all())

    def _check_all(self, name: str, form: ColumnFormat) -> None:
        """DataError unless all texts of a column have the format of the first ones."""
        asked = form if form.kind == "time" else self._plan.texts[name]
        decimals = {form.decimal} if form.decimal is not None else set()
        for some in self._count_texts(name):
            found, _ = infer_formats(self._scan, [replace(some, asked=asked)], decimals)
            if found[name] != form:
                raise DataError(
                    f"{self.path}: column {name!r}: expected the format of the first values in all values; "
                    f"as a category: {suggest_type(name, 'category')}"
                )

    def _is_plain(self, name: str) -> bool:
        """Whether all texts of a column are plain numbers, and there is one."""
        plain = build_plain_check(self._get_identifier(name))
        query = f"SELECT count(*) FILTER (NOT {plain}), count(*) FILTER ({plain}) FROM {self._get_table(name)}"
        with use_threads(self._connection):
            wrong, right = self._connection.execute(query).fetchall()[0]
        return wrong == 0 and right > 0

    def _count_texts(self, name: str) -> Iterator[TextCounts]:
        """Yield the rows of each text of a column, in batches that fit in memory, until these prove that it is text."""
        asked, trained = self._plan.texts[name], self._options.trained.get(name)
        strip = self._scan.strips_texts
        fetch_size = min(FETCH_SIZE, MAX_CHARACTERS // max(self._lengths[name][1], 1) + 1)
        query = f"SELECT {self._get_identifier(name)}, count(*) FROM {self._get_table(name)} GROUP BY 1"
        result = self._connection.execute(query)
        counts: dict[str, int] = {}
        others = characters = 0
        complete = True
        while found := result.fetchmany(fetch_size):
            for value, count in found:
                text = value.strip() if strip and value is not None else value
                if text:
                    characters += 0 if text in counts else len(text)
                    counts[text] = counts.get(text, 0) + count
                    others += 0 if is_typed_value(text) else count
            is_text = asked.kind is None and others > max(1, MAX_MISMATCHES * self.rows)
            if is_text or len(counts) > MAX_TEXTS or characters > MAX_CHARACTERS:
                yield TextCounts(name, counts, asked, trained, complete=False)
                if is_text:
                    return
                counts, characters, complete = {}, 0, False
        if counts or complete:
            yield TextCounts(name, counts, asked, trained, complete=complete)

    def step_bytes(self, names: Sequence[str]) -> int:
        """Return the size of the texts of columns in the STEP_ROWS rows with the most."""
        # Lengths may have been measured before numbers were stored as such.
        return sum(self._lengths[name][0] for name in names if name in self._lengths and name not in self._numbers)

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, int]]:
        """For each text column, the size of the STEP_ROWS rows with the most text, and of the longest text."""
        texts = [name for name in self._columns if self._plan.kinds.get(name, "text") == "text"]
        texts = [name for name in texts if name not in self._numbers]
        found: dict[str, tuple[int, int]] = {}
        for table in dict.fromkeys(map(self._get_table, texts)):
            some = [name for name in texts if self._get_table(name) == table]
            identifiers = [self._get_identifier(name) for name in some]
            inner = ", ".join(f"sum(strlen({one})) AS s{one}, max(strlen({one})) AS m{one}" for one in identifiers)
            outer = ", ".join(f"max(s{one}), max(m{one})" for one in identifiers)
            query = f"SELECT {outer} FROM (SELECT {inner} FROM {table} GROUP BY rowid // {STEP_ROWS})"
            (sizes,) = self._connection.execute(query).fetchall()
            pairs = zip(sizes[::2], sizes[1::2], strict=True)
            found |= {
                name: (int(step or 0), int(longest or 0)) for name, (step, longest) in zip(some, pairs, strict=True)
            }
        return found

    def _get_identifier(self, name: str) -> str:
        return f"c{self._columns[name]}"

    def _get_table(self, name: str) -> str:
        return f"t{self._columns[name] // COLUMNS_AT_ONCE * COLUMNS_AT_ONCE}"
