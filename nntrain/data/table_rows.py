"""The rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.class_target import class_numbers
from nntrain.data.column_options import ColumnOptions
from nntrain.data.data_options import DataOptions
from nntrain.data.file_options import FileOptions
from nntrain.data.located import located
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.part import Part
from nntrain.data.raw_column import Kind
from nntrain.data.read_options import ReadOptions
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.schema_fit import check_names
from nntrain.data.source import ReadTable
from nntrain.data.splits import places
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.data.table_source import read_table
from nntrain.data.table_stream import missing_in
from nntrain.data.target import Task
from nntrain.data.task import task_of
from nntrain.data.value_stream import ValueStream
from nntrain.data.written_classes import with_written_classes
from nntrain.errors import DataError

__all__ = ["TableRows"]


@dataclass(frozen=True)
class TableRows(Rows):
    """Rows of ``table`` of which all ``targets`` are known. ``decided``: their task, and why, if that is known."""

    table: Table | StreamedTable
    targets: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    decided: tuple[Task, list[str]] | None = None

    @classmethod
    def to_train(cls, options: DataOptions, read: ReadTable = read_table) -> Self:
        """The rows of the file of a run; the target is the last column unless it is named."""
        asked = read_options(options)
        table = read(Path(options.path), asked)
        check_names(table, options.target_names, options.ignore, options.columns)
        targets = options.target_names or (list(table.columns)[-1],)
        table, decided = with_written_classes(table, targets, options, asked, read)
        return replace(cls.of(table, targets), decided=decided)

    @classmethod
    def like(
        cls,
        schema: Schema,
        path: Path,
        file: FileOptions | None,
        *,
        need_target: bool = True,
        split_by: Mapping[str, Kind | None] | None = None,
        read: ReadTable = read_table,
    ) -> Self:
        """The rows of any file, as ``schema`` reads it: columns that it does not use are passed over.

        ``split_by``: the column by which the rows will be split, and how it is read.
        """
        answers = schema.kinds_of_answers()
        kinds = {name: kind for name, kind in schema.kinds().items() if need_target or name not in answers}
        others = split_by or {}
        formats = {name: ColumnFormat(kind=kind) for name, kind in others.items() if kind is not None}
        formats |= {name: schema.format_of(name, kind).like_it() for name, kind in kinds.items()}
        file = file or FileOptions()
        if file.header is None and schema.header is False:
            file = replace(file, header=False)
        table = read(path, ReadOptions(file, formats, schema.formats), only={*kinds, *others})
        return cls.of(table, tuple(schema.target.names) if need_target else ())

    @classmethod
    def of(cls, table: Table | StreamedTable, targets: tuple[str, ...]) -> Self:
        """The rows that have all targets. DataError if there are none."""
        if not targets:
            return cls(table, ())
        missing = missing_in(table, targets)
        named = " or no ".join(map(repr, targets))
        if missing.all():
            raise DataError(f"{table.path}: the target {', '.join(targets)!r} has no value in any row")
        if not missing.any():
            return cls(table, targets)
        note = f"{table.path}: {int(missing.sum())} of {table.rows} rows have no {named} and are dropped"
        return cls(table.take(places(missing, 0)), targets, [note])

    @property
    def count(self) -> int:
        return self.table.rows

    def take(self, index: Array) -> Self:
        return replace(self, table=self.table.take(index), notes=[])

    def fit(self, index: Array, options: DataOptions) -> Schema:
        task, notes = self._task(options)
        schema = Schema.fit(
            self.table,
            index,
            target=self.targets,
            task=task,
            options=options.of_target,
            weight=options.weight,
            ignore=(*options.ignore, *left_out(options)),
            declared=options.columns,
            one_hot_limit=options.one_hot_limit,
            text_features=options.text_features,
        )
        schema.give(options.dtype)
        notes = [*self.table.notes, *notes]
        if options.target is None:
            notes = [f"the target is the last column, {self.targets[0]!r}; another one: --target NAME", *notes]
        schema.notes[:0] = notes
        return schema

    def labels(self, options: DataOptions, schema: Schema | ArraySchema | None) -> Array | None:
        task = schema.target.task if schema else self._task(options)[0]
        return class_numbers(self.table.columns[self.targets[0]]) if task == "classification" else None

    def column(self, name: str) -> ValueStream:
        return self.table.column(name)

    def pieces(self, schema: Schema | ArraySchema) -> Iterator[Self]:
        names = set(schema.kinds()) if isinstance(schema, Schema) else set()
        row_bytes = schema.row_bytes() if isinstance(schema, Schema) else 0
        for piece in self.table.pieces([name for name in self.table.columns if name in names], row_bytes):
            yield type(self)(piece, self.targets)

    def encode(self, schema: Schema | ArraySchema, *, need_targets: bool = True) -> Part:
        if not isinstance(schema, Schema):
            raise DataError(f"{self.table.path}: a table, but the network was trained on the arrays of an HDF5 file")
        assert isinstance(self.table, Table), "rows on the disk are encoded piece by piece"
        inputs = schema.encode_inputs(self.table)
        if not need_targets:
            return Part(inputs, None, self.count)
        return Part(inputs, schema.encode_target(self.table), self.count, weights=schema.encode_weights(self.table))

    def _task(self, options: DataOptions) -> tuple[Task, list[str]]:
        """The task, and why in a sentence for the user."""
        if self.decided is not None:
            return self.decided
        with located(self.table.path):
            return task_of([self.table.column(name) for name in self.targets], options.task, options.separator)


def read_options(options: DataOptions) -> ReadOptions:
    """What the user declares of the file and its columns. Columns that are not used are text, which anything is."""
    formats = {name: format_asked(column) for name, column in options.columns.items()}
    kinds: dict[str, Kind] = dict.fromkeys(options.ignore, "text")
    if options.separator is not None or options.task == "classification":
        kinds |= dict.fromkeys(options.target_names, "text")
    if options.weight is not None:
        kinds[options.weight] = "number"
    kinds |= {name: kind for name, kind in split_kind(options).items() if kind is not None}
    said = options.columns.get(options.split_column or "", ColumnOptions())
    if options.split == "time" and options.split_column in options.ignore and not said.declares_kind:
        kinds.pop(str(options.split_column), None)
    for name, kind in kinds.items():
        declared = formats.get(name, ColumnFormat())
        formats[name] = replace(declared, kind=kind if name in options.ignore else declared.kind or kind)
    return ReadOptions(options.file, formats)


def left_out(options: DataOptions) -> tuple[str, ...]:
    """The column by which rows are split, if it is for nothing else."""
    name = options.split_column
    used = options.split_input or name in options.target_names or name == options.weight
    return () if name is None or used else (name,)


def split_kind(options: DataOptions) -> dict[str, Kind | None]:
    """How the column by which rows are split is read; None: as its values are.

    Keys and names of parts are texts as they stand in the file, so that no row that is added changes how they read.
    """
    if options.split_column is None:
        return {}
    said = options.columns.get(options.split_column, ColumnOptions())
    if said.declares_kind:
        return {options.split_column: said.kind}
    as_text = options.split != "time" and bool(left_out(options))
    return {options.split_column: "text" if as_text else None}


def format_asked(column: ColumnOptions) -> ColumnFormat:
    """What is declared of a column."""
    return ColumnFormat(column.kind, column.decimal, column.thousands, time=column.format, missing=column.missing)
