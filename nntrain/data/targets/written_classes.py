"""Classes as they are written in the file: as texts, where a column was read as numbers, booleans or times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nntrain.data.error_location import add_location
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.table_stream import ReadTable, TableStream
from nntrain.data.tables.value_stream import ValueStream
from nntrain.data.targets.target import TaskType
from nntrain.data.targets.task_inference import resolve_task

__all__ = ["read_written_classes"]


def read_written_classes(
    table: TableStream,
    targets: tuple[str, ...],
    options: DataOptions,
    asked: ReadOptions,
    read: ReadTable,
) -> tuple[TableStream, tuple[TaskType, list[str]] | None]:
    """The table with classes as they are written in the file: True for True, 1.0 for 1.0; and the task, if decided.

    Not where several texts are one value, as 1 and 1.0 are, unless they are declared to be classes.
    """
    undeclared = [name for name in targets if asked.formats.get(name, ColumnFormat()).kind is None]
    found = {name: table.column(name) for name in undeclared if table.column(name).kind != "text"}
    if not found or options.task == "regression":
        return table, None
    as_classes = options.task == "classification" or all(column.kind == "time" for column in found.values())
    with add_location(table.path):
        decided = None if as_classes else resolve_task([table.column(name) for name in targets], options.task)
    if decided is not None and decided[0] == "regression":
        return table, None
    formats = {**asked.formats}
    for name in found:
        formats[name] = replace(formats.get(name, ColumnFormat()), kind="text")
    written = read(Path(options.path), replace(asked, formats=formats), only=list(found))
    same = [
        name
        for name, column in found.items()
        if as_classes or column.kind == "time" or count_distinct(column) == count_distinct(written.column(name))
    ]
    chosen = {name: formats[name] for name in same}
    if not same:
        return table, decided
    replaced = table.replace_columns({name: written.columns[name] for name in same}, chosen)
    return replaced or read(Path(options.path), replace(asked, formats={**asked.formats, **chosen})), decided


def count_distinct(column: ValueStream) -> int | None:
    """How many different values there are; None if they are too many to keep."""
    if column.kind == "number":
        return column.count_distinct()
    counts = column.to_text().count_values()
    return None if counts is None else len(counts) - (None in counts)
