"""The rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.class_target import class_numbers
from nntrain.data.column_options import ColumnOptions
from nntrain.data.data_options import DataOptions
from nntrain.data.part import Part
from nntrain.data.raw_column import Kind
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.schema_fit import task_of
from nntrain.data.splits import row_type
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.data.table_source import read_table
from nntrain.errors import DataError

__all__ = ["ReadTable", "TableRows"]

# ``read_table``, or what reads a table that does not fit into memory.
ReadTable: TypeAlias = Callable[..., Table | StreamedTable]

KINDS: dict[str, Kind] = {
    "number": "number",
    "category": "text",
    "boolean": "boolean",
    "time": "time",
    "ignore": "text",
}


@dataclass(frozen=True)
class TableRows(Rows):
    """Rows of ``table``: those of which ``target`` is known, unless it is None."""

    table: Table | StreamedTable
    target: str | None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def to_train(cls, options: DataOptions, read: ReadTable = read_table) -> Self:
        """The rows of the file of a run; the target is the last column unless it is named."""
        table = read(Path(options.path), kinds=declared_kinds(options), delimiter=options.delimiter)
        return cls.of(table, list(table.columns)[-1] if options.target is None else options.target)

    @classmethod
    def like(
        cls,
        schema: Schema,
        path: Path,
        delimiter: str | None,
        *,
        need_target: bool = True,
        read: ReadTable = read_table,
    ) -> Self:
        """The rows of any file, as ``schema`` reads it: columns that it does not use are passed over."""
        target = schema.target.name
        kinds = {name: kind for name, kind in schema.kinds().items() if need_target or name != target}
        table = read(path, kinds=kinds, only=kinds, delimiter=delimiter)
        return cls.of(table, target if need_target else None)

    @classmethod
    def of(cls, table: Table | StreamedTable, target: str | None) -> Self:
        """DataError if no row has a target."""
        if target is None:
            return cls(table, None)
        missing = table.column(target).missing
        if missing.all():
            raise DataError(f"{table.path}: the target {target!r} has no value in any row")
        if not missing.any():
            return cls(table, target)
        note = f"{table.path}: {int(missing.sum())} of {table.rows} rows have no {target!r} and are left out"
        return cls(table.take(np.flatnonzero(~missing).astype(row_type(table.rows))), target, [note])

    @property
    def count(self) -> int:
        return self.table.rows

    def take(self, index: Array) -> Self:
        return type(self)(self.table.take(index), self.target)

    def fit(self, index: Array, options: DataOptions) -> Schema:
        target = self._target()
        task, notes = task_of(self.table.columns[target], options.task)
        schema = Schema.fit(
            self.table,
            index,
            target=target,
            task=task,
            ignore=options.ignore,
            declared=options.columns,
            one_hot_limit=options.one_hot_limit,
        )
        if options.target is None:
            notes = [f"the target is the last column, {target!r}; another one: --target NAME", *notes]
        schema.notes[:0] = notes
        return schema

    def labels(self, options: DataOptions, schema: Schema | ArraySchema | None) -> Array | None:
        raw = self.table.columns[self._target()]
        task = schema.target.task if schema else task_of(raw, options.task)[0]
        return None if task == "regression" else class_numbers(raw)

    def pieces(self, schema: Schema | ArraySchema) -> Iterator[Self]:
        names = set(schema.kinds()) if isinstance(schema, Schema) else set()
        for piece in self.table.pieces([name for name in self.table.columns if name in names]):
            yield type(self)(piece, self.target)

    def encode(self, schema: Schema | ArraySchema, *, need_targets: bool = True) -> Part:
        if not isinstance(schema, Schema):
            raise DataError(f"{self.table.path}: a table, but the network was trained on the arrays of an HDF5 file")
        assert isinstance(self.table, Table), "rows on the disk are encoded piece by piece"
        inputs = schema.encode_inputs(self.table)
        return Part(inputs, schema.encode_target(self.table) if need_targets else None, self.count)

    def _target(self) -> str:
        if self.target is None:
            raise DataError(f"{self.table.path}: expected a target; name its column with --target")
        return self.target


def declared_kinds(options: DataOptions) -> dict[str, Kind]:
    """How the user wants columns to be read. Columns that are not used are text, which anything can be read as."""
    said = {name: column for name, column in options.columns.items() if column != ColumnOptions()}
    kinds = {name: kind_of(column) for name, column in said.items()}
    return kinds | dict.fromkeys(options.ignore, KINDS["ignore"])


def kind_of(options: ColumnOptions) -> Kind:
    """A column with an encoding is a category."""
    return KINDS[options.type or "category"]
