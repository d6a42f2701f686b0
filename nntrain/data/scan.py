"""A file that DuckDB can select from, column by column."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.duckdb_files import COMPRESSED, SETTINGS, UNCOMPRESSED, reached_limit, reading
from nntrain.data.names import clean
from nntrain.errors import DataError
from nntrain.files.plain_name import plain_name
from nntrain.files.temporary_folder import process_folder
from nntrain.refusal import refusal

if TYPE_CHECKING:
    import duckdb

__all__ = ["AT_ONCE", "Scan", "identifier", "json_scan", "named", "parquet_scan", "unmasked"]

# What pandas calls the index of a table in Parquet.
PANDAS_INDEX = "__index_level_0__"

# Where memory is bounded: each thread has buffers of its own.
THREADS = 2

# Expressions in one query: the time to plan it grows with their square, and soon is more than another reading takes.
AT_ONCE = 128

# Where memory is not bounded: another reading looks at the names of all columns again, which takes the square of their
# number, while to plan a query of plain values takes as long as there are columns.
MOST_IN_MEMORY = 2**15

# Of a large file, another reading takes longer; but each expression needs memory for the rows that are at hand.
BYTES_OF_AN_EXPRESSION = 2**20
MOST_AT_ONCE = 1024


@dataclass(frozen=True)
class Scan:
    """``source`` is what follows FROM, with ``parameters`` for its question marks.

    ``columns`` gives each name of a column its identifier in SQL, ``types`` its type in DuckDB's words.
    ``form``: what the file should be, for messages. ``settings``: those of DuckDB. ``at_once``: expressions in one
    query. ``notes``: for the user. ``decimals``: the decimal separators that columns prove which are not read.
    """

    path: Path
    source: str
    parameters: tuple[str | Sequence[str], ...]
    columns: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    form: str = "CSV"
    settings: Mapping[str, Any] = field(default_factory=SETTINGS.copy)
    at_once: int = MOST_IN_MEMORY
    notes: tuple[str, ...] = ()
    decimals: frozenset[str] = frozenset()

    @property
    def header(self) -> bool | None:
        """Whether the file has a line of names, where it has lines."""
        return None

    @property
    def point(self) -> bool:
        """Whether a point separates fractions where no column proves anything."""
        return True

    def select(self, expressions: list[str]) -> list[Array]:
        """The values of each expression, rows in the order of the file. DataError instead of any of DuckDB's."""
        starts = range(0, len(expressions), self.at_once)
        return [values for start in starts for values in self._selected(expressions[start : start + self.at_once])]

    def _selected(self, expressions: list[str]) -> list[Array]:
        with self.connected() as connection:
            query = f"SELECT {named(expressions)} FROM {self.source}"
            arrays = connection.execute(query, self.parameters).fetchnumpy()
        return [arrays[f"e{number}"] for number in range(len(expressions))]

    def first(self, condition: str, value: str) -> tuple[int, Any]:
        """The number, from 1, of the first row that meets a condition, and a value of it."""
        numbered = f"SELECT {condition} AS met, {value} AS value, row_number() OVER () AS number FROM {self.source}"
        row, found = self._rows(f"SELECT number, value FROM ({numbered}) WHERE met LIMIT 1")[0]
        return int(row), found

    def described(self) -> dict[str, str]:
        """The columns that the file itself names, with their types."""
        return {str(row[0]): str(row[1]) for row in self._rows(f"DESCRIBE SELECT * FROM {self.source}")}

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connected() as connection:
            return connection.execute(query, self.parameters).fetchall()

    @contextmanager
    def connected(self, database: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
        """A database, in memory or in a file. DataError instead of any error of DuckDB's."""
        import duckdb

        usual = database == ":memory:" and self.settings == SETTINGS
        try:
            with shared(os.getpid()).cursor() if usual else duckdb.connect(database, config=dict(self.settings)) as own:
                yield own
        except duckdb.Error as error:
            if isinstance(error, duckdb.FatalException | duckdb.InternalException):
                shared.cache_clear()  # it takes no more queries
            if isinstance(error, duckdb.OutOfMemoryException) and not reached_limit(error):
                raise MemoryError from error
            raise self.refusal(error) from None
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C.
            if "interrupted" in str(error):
                raise KeyboardInterrupt from None
            raise

    def narrowed(self, only: Collection[str]) -> Self:
        """The same file with these columns alone, as far as they are there; with all if none is."""
        columns = {name: column for name, column in self.columns.items() if name in only} or self.columns
        return replace(self, columns=columns, types={name: self.types[name] for name in columns})

    def within(self, memory: int, folder: Path) -> Self:
        """The same file, read with ``memory`` bytes at most; what needs more is put into ``folder``."""
        limits = {"memory_limit": f"{memory // 2**20}MiB", "temp_directory": plain_name(folder), "threads": THREADS}
        at_once = min(max(memory // BYTES_OF_AN_EXPRESSION, AT_ONCE), MOST_AT_ONCE)
        return replace(self, settings=SETTINGS | limits, at_once=at_once)

    def refusal(self, error: duckdb.Error) -> DataError:
        """What to say when DuckDB gives up."""
        import duckdb

        reason = self._named_by_user(reason_of(error))
        if isinstance(error, duckdb.OutOfMemoryException):
            return DataError(f"{self.path}: reading it takes more memory than it may; give more, such as --memory 2GB")
        if isinstance(error, duckdb.IOException) and (refused := refusal(error)):
            return DataError(f"{self.path}: {refused}")
        if "No space left" in reason:
            return DataError(f"{self.path}: no space is left on the disk to keep its rows; choose another: data.cache")
        return self.fault(reason)

    def _named_by_user(self, reason: str) -> str:
        """A message of DuckDB's, in which the names of the files that it opened are that of the user's file."""
        opened = (name for value in self.parameters for name in ([value] if isinstance(value, str) else value))
        for name in opened:
            if name.startswith("/"):
                reason = reason.replace(name, str(self.path))
        return reason

    def fault(self, reason: str) -> DataError:
        """Why the file cannot be read."""
        return DataError(f"{self.path}: not a {self.form} file, or a damaged one ({reason.strip()})")

    def line_of(self, row: int) -> int | None:
        """The line of data row ``row``, counted from 1, in a file that has lines."""
        return None


@cache
def shared(process: int) -> duckdb.DuckDBPyConnection:
    """A process's database in memory, kept open: to open one takes longer than to read a small file."""
    import duckdb

    return duckdb.connect(
        config=SETTINGS | {"temp_directory": plain_name(process_folder() / "duckdb"), "lock_configuration": True}
    )


def identifier(name: str) -> str:
    """A name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def named(expressions: Iterable[str]) -> str:
    """Expressions of SQL as the columns e0, e1, ..."""
    return ", ".join(f"{expression} AS e{number}" for number, expression in enumerate(expressions))


def parquet_scan(path: Path, copy: Path | None = None) -> Scan:
    """A Parquet file, or a ``copy`` of the file ``path`` in Parquet. DataError for two columns of one name."""
    source = reading("read_parquet", "file_row_number=false, binary_as_string=false")
    return typed_scan(path, copy or path, source, "Parquet")


def json_scan(path: Path, *, compressed: bool) -> Scan:
    """A file of JSON: a list of rows, or a row a line. DataError for two columns of one name."""
    compression = COMPRESSED if compressed else UNCOMPRESSED
    return typed_scan(path, path, reading("read_json", f"auto_detect=true, compression='{compression}'"), "JSON")


def typed_scan(path: Path, file: Path, source: str, form: str) -> Scan:
    """A file whose columns have names and types of their own. DataError for two columns of one name."""
    scan = Scan(path, source, (plain_name(file),), form=form)
    described = scan.described()
    found = true_names(scan, list(described)) if form == "Parquet" else list(described)
    columns: dict[str, str] = {}
    types: dict[str, str] = {}
    for (name, type_), true_name in zip(described.items(), map(clean, found), strict=True):
        if true_name == PANDAS_INDEX:
            continue
        if true_name in columns:
            raise DataError(f"{path}: two columns are named {true_name!r}; rename one of them")
        columns[true_name] = value_of(identifier(name), type_)
        types[true_name] = type_
    notes = [f"{path}: the index that pandas wrote, {PANDAS_INDEX}, is dropped"] if PANDAS_INDEX in found else []
    return replace(scan, columns=columns, types=types, notes=tuple(notes))


def true_names(scan: Scan, names: list[str]) -> list[str]:
    """The names in a Parquet file: to DuckDB 'a' and 'A' are one, and it renames the second."""
    with scan.connected() as connection:
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


def value_of(column: str, type_: str) -> str:
    """The value of a column. A column of numbers and strings is JSON to DuckDB, in which text has quotes."""
    return f"({column} ->> '$')" if type_ == "JSON" else column


def reason_of(error: duckdb.Error) -> str:
    """DuckDB's message without the name of the error, the text of the line and the advice on options of DuckDB."""
    lines = str(error).strip().splitlines()
    first = lines[0].removeprefix(f"{lines[0].split(':')[0]}: ")
    if not first.startswith("CSV Error on Line"):
        return first
    explanation = lines[lines.index("") - 1] if "" in lines else lines[-1]
    return f"line {first.rpartition(' ')[2]}: {explanation}"


def unmasked(values: Array, empty: object) -> Array:
    """A plain array with ``empty`` where DuckDB found NULL."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    plain = np.array(values.data)
    plain[np.ma.getmaskarray(values)] = empty
    return plain
