"""Read classes as the strings in the file, where a column was read as numbers, booleans or times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nntrain.data.error_location import add_location
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.column_statistics import count_distinct
from nntrain.data.tables.table_stream import ReadTable, TableStream
from nntrain.data.targets.target import TaskType
from nntrain.data.targets.task_inference import resolve_task


def read_written_classes(
    table: TableStream,
    targets: tuple[str, ...],
    options: DataOptions,
    read_options: ReadOptions,
    read: ReadTable,
) -> tuple[TableStream, tuple[TaskType, list[str]] | None]:
    """Return the table with the classes of the file, e.g. 'True' and '1.0', and the task if it is inferred here.

    A column in which several strings are one value, such as 1 and 1.0, stays as it is, unless the task is set to
    classification.
    """
    undeclared = [name for name in targets if read_options.formats.get(name, ColumnFormat()).kind is None]
    parsed = {name: table.column(name) for name in undeclared if table.column(name).kind != "text"}
    if not parsed or options.task == "regression":
        return table, None
    as_classes = options.task == "classification" or all(column.kind == "time" for column in parsed.values())
    with add_location(table.path):
        decision = None if as_classes else resolve_task([table.column(name) for name in targets], options.task)
    if decision is not None and decision[0] == "regression":
        return table, None
    formats = {name: replace(read_options.formats.get(name, ColumnFormat()), kind="text") for name in parsed}
    path = Path(options.path)
    written = read(path, replace(read_options, formats={**read_options.formats, **formats}), only=list(parsed))
    chosen = {
        name: formats[name]
        for name, column in parsed.items()
        if as_classes or column.kind == "time" or count_distinct(column) == count_distinct(written.column(name))
    }
    if not chosen:
        return table, decision
    replaced = table.replace_columns({name: written.columns[name] for name in chosen}, chosen)
    return replaced or read(path, replace(read_options, formats={**read_options.formats, **chosen})), decision
