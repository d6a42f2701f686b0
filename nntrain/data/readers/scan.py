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

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import (
    DUCKDB_SETTINGS,
    is_memory_limit_reached,
)
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder
from nntrain.system_limits import explain_system_error

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "COLUMNS_AT_ONCE",
    "Scan",
    "fill_masked",
    "name_expressions",
    "quote_identifier",
]

# Where memory is bounded: each thread has buffers of its own.
THREADS = 2

# Expressions in one query: the time to plan it grows with their square, and soon is more than another reading takes.
COLUMNS_AT_ONCE = 128

# Where memory is not bounded: another reading looks at the names of all columns again, which takes the square of their
# number, while to plan a query of plain values takes as long as there are columns.
MAX_COLUMNS_IN_MEMORY = 2**15

# Of a large file, another reading takes longer; but each expression needs memory for the rows that are at hand.
BYTES_PER_EXPRESSION = 2**20
MAX_COLUMNS_AT_ONCE = 1024


@dataclass(frozen=True)
class Scan:
    """``source`` is what follows FROM, with ``parameters`` for its question marks.

    ``columns`` gives each name of a column its identifier in SQL, ``types`` its type in DuckDB's words.
    ``form``: what the file should be, for messages. ``settings``: those of DuckDB. ``columns_at_once``: expressions in
    one query. ``notes``: for the user. ``decimals``: the decimal separators that columns prove which are not read.
    """

    path: Path
    source: str
    parameters: tuple[str | Sequence[str], ...]
    columns: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    format_name: str = "CSV"
    settings: Mapping[str, Any] = field(default_factory=DUCKDB_SETTINGS.copy)
    columns_at_once: int = MAX_COLUMNS_IN_MEMORY
    notes: tuple[str, ...] = ()
    decimals: frozenset[str] = frozenset()

    @property
    def has_header(self) -> bool | None:
        """Whether the file has a line of names, where it has lines."""
        return None

    @property
    def is_point_decimal(self) -> bool:
        """Whether a point separates fractions where no column proves anything."""
        return True

    def select(self, expressions: list[str]) -> list[Array]:
        """The values of each expression, rows in the order of the file. DataError instead of any of DuckDB's."""
        starts = range(0, len(expressions), self.columns_at_once)
        return [
            values for start in starts for values in self._select(expressions[start : start + self.columns_at_once])
        ]

    def _select(self, expressions: list[str]) -> list[Array]:
        with self.connect() as connection:
            query = f"SELECT {name_expressions(expressions)} FROM {self.source}"
            arrays = connection.execute(query, self.parameters).fetchnumpy()
        return [arrays[f"e{number}"] for number in range(len(expressions))]

    def find_first(self, condition: str, value: str) -> tuple[int, Any]:
        """The number, from 1, of the first row that meets a condition, and a value of it."""
        numbered = f"SELECT {condition} AS met, {value} AS value, row_number() OVER () AS number FROM {self.source}"
        row, found = self._rows(f"SELECT number, value FROM ({numbered}) WHERE met LIMIT 1")[0]
        return int(row), found

    def read_schema(self) -> dict[str, str]:
        """The columns that the file itself names, with their types."""
        return {str(row[0]): str(row[1]) for row in self._rows(f"DESCRIBE SELECT * FROM {self.source}")}

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, self.parameters).fetchall()

    @contextmanager
    def connect(self, database: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
        """A database, in memory or in a file. DataError instead of any error of DuckDB's."""
        import duckdb

        usual = database == ":memory:" and self.settings == DUCKDB_SETTINGS
        try:
            with (
                get_shared_connection(os.getpid()).cursor()
                if usual
                else duckdb.connect(database, config=dict(self.settings)) as own
            ):
                yield own
        except duckdb.Error as error:
            if isinstance(error, duckdb.FatalException | duckdb.InternalException):
                get_shared_connection.cache_clear()  # it takes no more queries
            if isinstance(error, duckdb.OutOfMemoryException) and not is_memory_limit_reached(error):
                raise MemoryError from error
            raise self.build_error(error) from None
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C.
            if "interrupted" in str(error):
                raise KeyboardInterrupt from None
            raise

    def select_columns(self, only: Collection[str]) -> Self:
        """The same file with these columns alone, as far as they are there; with all if none is."""
        columns = {name: column for name, column in self.columns.items() if name in only} or self.columns
        return replace(self, columns=columns, types={name: self.types[name] for name in columns})

    def limit_memory(self, memory: int, folder: Path) -> Self:
        """The same file, read with ``memory`` bytes at most; what needs more is put into ``folder``."""
        limits = {"memory_limit": f"{memory // 2**20}MiB", "temp_directory": get_plain_name(folder), "threads": THREADS}
        at_once = min(max(memory // BYTES_PER_EXPRESSION, COLUMNS_AT_ONCE), MAX_COLUMNS_AT_ONCE)
        return replace(self, settings=DUCKDB_SETTINGS | limits, columns_at_once=at_once)

    def build_error(self, error: duckdb.Error) -> DataError:
        """What to say when DuckDB gives up."""
        import duckdb

        reason = self._replace_file_names(extract_reason(error))
        if isinstance(error, duckdb.OutOfMemoryException):
            return DataError(f"{self.path}: reading it takes more memory than it may; give more, such as --memory 2GB")
        if isinstance(error, duckdb.IOException) and (refused := explain_system_error(error)):
            return DataError(f"{self.path}: {refused}")
        if "No space left" in reason:
            return DataError(f"{self.path}: no space is left on the disk to keep its rows; choose another: data.cache")
        return self.find_error(reason)

    def _replace_file_names(self, reason: str) -> str:
        """A message of DuckDB's, in which the names of the files that it opened are that of the user's file."""
        opened = (name for value in self.parameters for name in ([value] if isinstance(value, str) else value))
        for name in opened:
            if name.startswith("/"):
                reason = reason.replace(name, str(self.path))
        return reason

    def find_error(self, reason: str) -> DataError:
        """Why the file cannot be read."""
        return DataError(f"{self.path}: not a {self.format_name} file, or a damaged one ({reason.strip()})")

    def find_line(self, row: int) -> int | None:
        """The line of data row ``row``, counted from 1, in a file that has lines."""
        return None


@cache
def get_shared_connection(process: int) -> duckdb.DuckDBPyConnection:
    """A process's database in memory, kept open: to open one takes longer than to read a small file."""
    import duckdb

    return duckdb.connect(
        config=DUCKDB_SETTINGS
        | {"temp_directory": get_plain_name(get_process_folder() / "duckdb"), "lock_configuration": True}
    )


def quote_identifier(name: str) -> str:
    """A name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def name_expressions(expressions: Iterable[str]) -> str:
    """Expressions of SQL as the columns e0, e1, ..."""
    return ", ".join(f"{expression} AS e{number}" for number, expression in enumerate(expressions))


def extract_reason(error: duckdb.Error) -> str:
    """DuckDB's message without the name of the error, the text of the line and the advice on options of DuckDB."""
    lines = str(error).strip().splitlines()
    first = lines[0].removeprefix(f"{lines[0].split(':')[0]}: ")
    if not first.startswith("CSV Error on Line"):
        return first
    explanation = lines[lines.index("") - 1] if "" in lines else lines[-1]
    return f"line {first.rpartition(' ')[2]}: {explanation}"


def fill_masked(values: Array, fill_value: object) -> Array:
    """A plain array with ``empty`` where DuckDB found NULL."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    plain = np.array(values.data)
    plain[np.ma.getmaskarray(values)] = fill_value
    return plain
