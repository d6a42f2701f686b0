"""A file from which DuckDB selects columns."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.readers.duckdb_settings import DUCKDB_SETTINGS
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder
from nntrain.system_limits import explain_system_error

if TYPE_CHECKING:
    import duckdb

# Number of threads if memory is limited: each thread has buffers of its own.
THREADS = 2

# Number of expressions in one query: planning time grows with its square and soon exceeds that of reading again.
COLUMNS_AT_ONCE = 128

# The same if memory is not limited: reading again looks up the names of all columns, in time that grows with the square
# of their number, while the time to plan a query of plain values grows linearly.
MAX_COLUMNS_IN_MEMORY = 2**15

# Reading a large file again takes longer, but each expression needs memory for the current rows.
BYTES_PER_EXPRESSION = 2**20
MAX_COLUMNS_AT_ONCE = 1024


@dataclass(frozen=True)
class Scan:
    """The SQL ``source`` of a FROM clause, with ``parameters`` for its question marks.

    ``columns`` maps the name of each column to its SQL identifier, ``types`` to its DuckDB type. ``format_name``: for
    messages. ``settings``: DuckDB's. ``columns_at_once``: number of expressions in one query. ``notes``: for the user.
    ``decimals``: the decimal separators that unread columns prove. ``has_header``: whether a text file has a header;
    None for other files. ``is_point_decimal``: whether the point is the decimal separator if no column proves one.
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
    has_header: bool | None = None
    is_point_decimal: bool = True

    def select(self, expressions: list[str]) -> list[Array]:
        """Return the values of each expression in file order. Errors of DuckDB are raised as DataError."""
        starts = range(0, len(expressions), self.columns_at_once)
        return [
            values for start in starts for values in self._select(expressions[start : start + self.columns_at_once])
        ]

    def select_named(self, expressions: Mapping[str, str]) -> dict[str, Array]:
        """Return the values of each expression by its name."""
        return dict(zip(expressions, self.select(list(expressions.values())), strict=True))

    def _select(self, expressions: list[str]) -> list[Array]:
        with self.connect() as connection:
            named = ", ".join(f"{expression} AS e{number}" for number, expression in enumerate(expressions))
            arrays = connection.execute(f"SELECT {named} FROM {self.source}", self.parameters).fetchnumpy()
        return [arrays[f"e{number}"] for number in range(len(expressions))]

    def find_first(self, condition: str, value: str) -> tuple[int, Any]:
        """Return the number, from 1, of the first row that meets a condition, and the value of an expression there."""
        numbered = f"SELECT {condition} AS matches, {value} AS value, row_number() OVER () AS number FROM {self.source}"
        row, found = self._fetch_rows(f"SELECT number, value FROM ({numbered}) WHERE matches LIMIT 1")[0]
        return int(row), found

    @property
    def strips_texts(self) -> bool:
        """Whether the whitespace around a text is not part of it; strings in Parquet are exact."""
        return self.format_name != "Parquet"

    def strip_text(self, text: str) -> str:
        """Build the SQL for a text without the spaces around it, if they are not part of it."""
        return f"trim({text})" if self.strips_texts else text

    def read_schema(self) -> dict[str, str]:
        """Return the columns that DuckDB finds in the file, with their types."""
        return {str(row[0]): str(row[1]) for row in self._fetch_rows(f"DESCRIBE SELECT * FROM {self.source}")}

    def _fetch_rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, self.parameters).fetchall()

    @contextmanager
    def connect(self, database: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
        """Connect to a database in memory or in a file. Errors of DuckDB are raised as DataError."""
        import duckdb

        is_shared = database == ":memory:" and self.settings == DUCKDB_SETTINGS
        try:
            with (
                raise_system_errors(),
                get_shared_connection(os.getpid()).cursor()
                if is_shared
                else duckdb.connect(database, config=dict(self.settings)) as connection,
            ):
                yield connection
        except duckdb.Error as error:
            if isinstance(error, duckdb.FatalException | duckdb.InternalException):
                get_shared_connection.cache_clear()  # the connection is unusable
            raise self.build_error(error) from None

    def select_columns(self, only: Collection[str]) -> Self:
        """Restrict the scan to these columns, as far as they exist; if none does, keep all."""
        columns = {name: column for name, column in self.columns.items() if name in only} or self.columns
        return replace(self, columns=columns, types={name: self.types[name] for name in columns})

    def limit_memory(self, memory: int, folder: Path) -> Self:
        """Limit DuckDB to ``memory`` bytes; it spills to ``folder``."""
        limits = {"memory_limit": f"{memory // 2**20}MiB", "temp_directory": get_plain_name(folder), "threads": THREADS}
        at_once = min(max(memory // BYTES_PER_EXPRESSION, COLUMNS_AT_ONCE), MAX_COLUMNS_AT_ONCE)
        return replace(self, settings=DUCKDB_SETTINGS | limits, columns_at_once=at_once)

    def build_error(self, error: duckdb.Error) -> DataError:
        """Build the error of the file from an error of DuckDB."""
        import duckdb

        reason = self._replace_file_names(extract_reason(error))
        if isinstance(error, duckdb.OutOfMemoryException):
            return DataError(f"{self.path}: reading it exceeds the memory limit; raise it, e.g. --memory 2GB")
        if isinstance(error, duckdb.IOException) and (refused := explain_system_error(error)):
            return DataError(f"{self.path}: {refused}")
        if "No space left" in reason:
            return DataError(f"{self.path}: no space left on disk for its rows; choose another disk: data.cache")
        return self.find_error(reason)

    def _replace_file_names(self, reason: str) -> str:
        """Replace the names of the files that DuckDB opened by that of the user's file."""
        opened = (name for value in self.parameters for name in ([value] if isinstance(value, str) else value))
        for name in opened:
            if name.startswith("/"):
                reason = reason.replace(name, str(self.path))
        return reason

    def find_error(self, reason: str) -> DataError:
        """Return the error that explains why the file cannot be read."""
        return DataError(f"{self.path}: not a {self.format_name} file, or a corrupt one ({reason.strip()})")


@cache
def get_shared_connection(process: int) -> duckdb.DuckDBPyConnection:
    """Return the open database of the process: opening one takes longer than reading a small file."""
    import duckdb

    return duckdb.connect(
        config=DUCKDB_SETTINGS
        | {"temp_directory": get_plain_name(get_process_folder() / "duckdb"), "lock_configuration": True}
    )


@contextmanager
def open_cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection to the database of the process, for arrays that are in memory."""
    with raise_system_errors(), get_shared_connection(os.getpid()).cursor() as connection:
        yield connection


@contextmanager
def raise_system_errors() -> Iterator[None]:
    """Raise DuckDB's errors for Ctrl-C and for memory that the system refuses as Python's."""
    import duckdb

    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error):
            raise KeyboardInterrupt from None
        raise
    except duckdb.OutOfMemoryException as error:
        # DuckDB's own limit is reached in "(90 MiB/95 MiB used)", else that of the system.
        if "used)" not in str(error):
            raise MemoryError from error
        raise


def quote_identifier(name: str) -> str:
    """Quote a column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def extract_reason(error: duckdb.Error) -> str:
    """Return DuckDB's message without the error name, the text of the line and the advice on DuckDB options."""
    lines = str(error).strip().splitlines()
    first = lines[0].removeprefix(f"{lines[0].split(':')[0]}: ")
    if not first.startswith("CSV Error on Line"):
        return first
    explanation = lines[lines.index("") - 1] if "" in lines else lines[-1]
    return f"line {first.rpartition(' ')[2]}: {explanation}"


def fill_masked(values: Array, fill_value: object) -> Array:
    """Return a plain array with ``fill_value`` where DuckDB found NULL."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    plain = np.array(values.data)
    plain[np.ma.getmaskarray(values)] = fill_value
    return plain
