"""Store the numbers of a text column as numbers: texts take ten times as long to read, in each pass over the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.data.parsing.number_format import build_plain_pattern
from nntrain.data.readers.scan import THREADS

if TYPE_CHECKING:
    import duckdb


def store_numbers(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], numbers: Collection[str]
) -> None:
    """Convert the columns ``numbers`` of a table to DOUBLE; other texts and infinite numbers become NULL.

    ``columns``: all columns of the table, in order.
    """
    values = {name: f"TRY_CAST({name} AS DOUBLE)" for name in numbers}
    finite = {name: f"CASE WHEN isfinite({value}) THEN {value} END AS {name}" for name, value in values.items()}
    # Changing the type of a column in place needs memory for all of its values.
    with use_threads(connection):
        selected = ", ".join(finite.get(name, name) for name in columns)
        connection.execute(f"CREATE TABLE converted AS SELECT {selected} FROM {table}")
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE converted RENAME TO {table}")


def find_other_texts(connection: duckdb.DuckDBPyConnection, table: str, column: str, text: str, most: int) -> Array:
    """Return distinct texts of a column that are not numbers as Python writes them: at most ``most``.

    ``text``: the SQL for the text without the spaces around it.
    """
    is_number = f"regexp_full_match({text}, '{build_plain_pattern('.').pattern}')"
    with use_threads(connection):
        query = f"SELECT DISTINCT {column} FROM {table} WHERE NOT {is_number} LIMIT {most}"
        found: Array = connection.execute(query).fetchnumpy()[column]
    return found


@contextmanager
def use_threads(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let DuckDB use several threads, in a context without results whose order depends on them."""
    connection.execute(f"SET threads = {THREADS}")
    try:
        yield
    finally:
        connection.execute("SET threads = 1")
