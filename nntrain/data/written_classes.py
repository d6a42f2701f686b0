"""Classes as they are written in the file: as texts, where a column was read as numbers, booleans or times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nntrain.data.data_options import DataOptions
from nntrain.data.located import located
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.read_options import ReadOptions
from nntrain.data.source import ReadTable
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.data.target import Task
from nntrain.data.task import task_of
from nntrain.data.value_stream import ValueStream

__all__ = ["with_written_classes"]


def with_written_classes(
    table: Table | StreamedTable, targets: tuple[str, ...], options: DataOptions, asked: ReadOptions, read: ReadTable
) -> tuple[Table | StreamedTable, tuple[Task, list[str]] | None]:
    """The table with classes as they are written in the file: True for True, 1.0 for 1.0; and the task, if decided.

    Not where several texts are one value, as 1 and 1.0 are, unless they are declared to be classes.
    """
    undeclared = [name for name in targets if asked.formats.get(name, ColumnFormat()).kind is None]
    found = {name: table.column(name) for name in undeclared if table.column(name).kind != "text"}
    if not found or options.task == "regression":
        return table, None
    as_classes = options.task == "classification" or all(column.kind == "time" for column in found.values())
    with located(table.path):
        decided = None if as_classes else task_of([table.column(name) for name in targets], options.task)
    if decided is not None and decided[0] == "regression":
        return table, None
    formats = {**asked.formats}
    for name in found:
        formats[name] = replace(formats.get(name, ColumnFormat()), kind="text")
    written = read(Path(options.path), replace(asked, formats=formats), only=list(found))
    same = [
        name
        for name, column in found.items()
        if as_classes or column.kind == "time" or different_values(column) == different_values(written.column(name))
    ]
    chosen = {name: formats[name] for name in same}
    if not isinstance(table, Table) or not isinstance(written, Table):
        whole = replace(asked, formats={**asked.formats, **chosen})
        return (read(Path(options.path), whole) if same else table), decided
    columns = {**table.columns, **{name: written.columns[name] for name in same}}
    return replace(table, columns=columns, formats={**table.formats, **chosen}), decided


def different_values(column: ValueStream) -> int | None:
    """How many different values there are; None if they are too many to keep."""
    if column.kind == "number":
        return column.distinct()
    counts = column.as_text().counts()
    return None if counts is None else len(counts) - (None in counts)
