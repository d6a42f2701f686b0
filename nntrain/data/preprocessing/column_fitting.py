"""Fit the columns of a table: which are inputs, how they are encoded, and notes for the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from nntrain.compute.threads import map_parallel
from nntrain.data.checks.leakage import explain_leakage
from nntrain.data.checks.sentinels import find_sentinels
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import explain_uselessness, fit_column
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES, TextColumn
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.table_stream import TableStream
from nntrain.data.targets.target import Target
from nntrain.errors import DataError


def check_names(
    table: TableStream, targets: Sequence[str], ignore: Sequence[str], declared: Mapping[str, ColumnOptions]
) -> None:
    """DataError for an unknown column, a target that is ignored, or a target that is named twice."""
    for name in (*ignore, *declared):
        table.column(name)
    for name, count in Counter(targets).items():
        parts = [part.strip() for part in name.split(",")]
        if name not in table.columns and set(parts) <= set(table.columns):
            advice = " ".join(f"--target {part}" for part in parts)
            raise DataError(f"{table.path}: no column {name!r}; name each of several targets by itself: {advice}")
        if count > 1:
            raise DataError(f"{table.path}: the target {name!r} is named {count} times; expected once")
        if name in ignore or declared.get(name, ColumnOptions()).type == "ignore":
            raise DataError(f"{table.path}: column {name!r} is the target and is ignored; expected one or the other")


def fit_columns(
    training: TableStream,
    excluded: Collection[str],
    declared: Mapping[str, ColumnOptions],
    one_hot_limit: int,
    text_features: int = MAX_TEXT_FEATURES,
) -> tuple[list[Column], list[str]]:
    """Return the encoders of the input columns, and a note for every column that is excluded or looks ambiguous.

    DataError if none is an input.
    """

    def fitted(name: str) -> tuple[Column | None, list[str]]:
        raw, options = training.columns[name], declared.get(name, ColumnOptions())
        if reason := explain_uselessness(raw, options):
            return None, [f"column {name!r} is excluded: {reason}"]
        column = fit_column(raw, options, one_hot_limit, text_features)
        if isinstance(column, TextColumn):
            return (column if column.size else None), [format_text_note(column, options)]
        return column, find_sentinels(raw)

    ignored = {name for name, options in declared.items() if options.type == "ignore"}
    found = training.map_columns(lambda name: (None, []) if name in excluded or name in ignored else fitted(name))
    columns = [column for column, _ in found if column is not None]
    notes = [note for _, told in found for note in told]
    if not columns:
        raise DataError("; ".join(["no input column is left besides the target; add one", *notes]))
    return columns, notes


def format_text_note(column: TextColumn, options: ColumnOptions) -> str:
    """Return the note about a column of free text, with the option that excludes it."""
    if not column.size:
        return f"column {column.name!r} is excluded: none of its words is in two training rows"
    note = f"column {column.name!r} is free text: {column.size:,} of its words and word pairs are inputs"
    return note if options.type == "text" else f"{note}; exclude it with {suggest_ignore(column.name)}"


def find_leakage(training: DataTable, columns: list[Column], target: Target) -> list[str]:
    """Return a warning for every input column that leaks the target."""
    answers = target.encode(*(training.columns[name] for name in target.names))
    found = map_parallel(lambda column: explain_leakage(training.columns[column.name], target, answers), columns)
    return [note for note in found if note]
