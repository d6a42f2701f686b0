"""The typed rows of a file in a database on the disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nntrain.data.array import Array
from nntrain.data.kinds import kinds_of
from nntrain.data.raw_column import Kind
from nntrain.data.scan import AT_ONCE
from nntrain.data.table import Table
from nntrain.data.table_source import check_file, column, expression, scan_of
from nntrain.errors import DataError

if TYPE_CHECKING:
    import duckdb

__all__ = ["DiskTable"]

# What DuckDB may keep in memory while blocks are read in order: more would not make it faster.
READING = "48MiB"


class DiskTable:
    """What ``read_table`` reads, in a temporary database of DuckDB, of which blocks of rows are read."""

    def __init__(self, path: str, connection: duckdb.DuckDBPyConnection, kinds: dict[str, Kind], rows: int) -> None:
        self.path = path
        self.kinds = kinds
        self.rows = rows
        self._connection = connection
        self._columns = {name: number for number, name in enumerate(kinds)}

    @classmethod
    @contextmanager
    def made(
        cls,
        path: Path,
        database: Path,
        memory: int,
        *,
        kinds: Mapping[str, str] | None = None,
        only: Collection[str] = (),
        delimiter: str | None = None,
    ) -> Iterator[DiskTable]:
        """Read a file into ``database``, which is deleted in the end, with DuckDB using ``memory`` bytes at most.

        DataError, one line, as ``read_table`` raises it, or where the disk is full.
        """
        check_file(path)
        known = kinds or {}
        scan = scan_of(path, delimiter).narrowed(only).within(memory, database.parent)
        found = kinds_of(scan, known)
        expressions = [expression(scan, name, kind, declared=name in known) for name, kind in found.items()]
        try:
            with scan.connected(str(database)) as connection:
                for first in range(0, len(expressions), AT_ONCE):
                    lot = enumerate(expressions[first : first + AT_ONCE], first)
                    values = ", ".join(f"{value} AS c{number}" for number, value in lot)
                    connection.execute(f"CREATE TABLE t{first} AS SELECT {values} FROM {scan.source}", scan.parameters)
                ((rows,),) = connection.execute("SELECT count(*) FROM t0").fetchall()
                if not rows:
                    raise DataError(f"{path}: the file names {len(found)} columns and has no rows")
                connection.execute(f"SET memory_limit = '{READING}'; SET threads = 1")
                yield cls(str(path), connection, found, rows)
        finally:
            for left in database.parent.glob(f"{database.name}*"):
                left.unlink(missing_ok=True)

    def block(self, names: Sequence[str], begin: int, end: int) -> Table:
        """Some columns of the rows from ``begin`` to before ``end``. DataError for an infinite number."""
        lots: dict[int, list[int]] = {}
        for number in (self._columns[name] for name in names):
            lots.setdefault(number // AT_ONCE * AT_ONCE, []).append(number)
        found: dict[int, Array] = {}
        for first, numbers in lots.items():
            values = ", ".join(f"c{number}" for number in numbers)
            query = f"SELECT {values} FROM t{first} WHERE rowid >= {begin} AND rowid < {end}"
            arrays = self._connection.execute(query).fetchnumpy()
            found |= {number: arrays[f"c{number}"] for number in numbers}
        path = Path(self.path)
        columns = {name: column(path, name, self.kinds[name], found[self._columns[name]], begin) for name in names}
        return Table(self.path, columns, min(end, self.rows) - begin)
