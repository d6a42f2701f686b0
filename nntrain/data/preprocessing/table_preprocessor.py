"""The preprocessor of a table."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.checks.leakage import find_leakage
from nntrain.data.checks.sentinels import find_sentinels
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import explain_uselessness, fit_column, restore_column
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.error_location import add_location
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions, FloatType
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.data_table import DataTable, TableStream
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.targets.sample_weights import check_sample_weights, encode_sample_weights
from nntrain.data.targets.target import Target
from nntrain.data.targets.target_types import fit_target, restore_target
from nntrain.data.targets.task_inference import resolve_task
from nntrain.errors import CheckpointError, DataError, suggest_name
from nntrain.formatting import format_names

# Rows that are concatenated at once.
BLOCK_ROWS = 4096


@dataclass(eq=False)
class TablePreprocessor(Preprocessor):
    """Encodes the columns of a table."""

    reads_table = True

    state_type = "Schema"

    columns: list[Column] = field()
    target: Target
    weight: str | None
    notes: list[str]
    warnings: list[str] = field(default_factory=list)
    formats: dict[str, ColumnFormat] = field(default_factory=dict)
    header: bool | None = None
    dtype: FloatType = "float32"

    @classmethod
    def fit(cls, table: TableStream, rows: Array, options: DataOptions) -> Self:
        """Fit on the training rows ``rows`` of ``table``, which have all targets.

        DataError for a target with one class, invalid sample weights, or a table without any input.
        """
        training, targets, weight = table.take(rows), options.target_names, options.sample_weight
        answers = [training.column(name) for name in targets]
        weights = None if weight is None else training.column(weight)
        task, reasons = resolve_task(answers, options.task, options.label_separator)
        with add_location(training.path):
            fitted = fit_target(answers, task, options)
            if weights is not None:
                check_sample_weights(weights, targets)
            columns, left_out = fit_columns(training, {*targets, *filter(None, [weight])}, options)
        leaks = list(find_leakage(training.read_sample(), columns, fitted).values())
        notes = [*reasons, *fitted.build_notes(), *left_out, *leaks]
        used = {*(column.name for column in columns), *targets, *filter(None, [weight])}
        formats = {name: form for name, form in table.formats.items() if name in used}
        return cls(columns, fitted, weight, notes, leaks, formats, table.header, options.dtype)

    def encode_inputs(self, table: DataTable) -> Array | list[Array]:
        """Return the inputs of every row: floating (n, width), or with index or text columns a list of arrays.

        The list: the dense inputs, if there are any, int64 (n,) for each index column, and float32 (n, k, 2), codes and
        values, for each text column. DataError for missing columns.
        """
        with add_location(table.path):
            self._check_columns(table)
            encoded = map_parallel(lambda column: column.encode(get_input(table, column)), self.columns)
        dense = [array for array in encoded if array.ndim == 2]
        others = [array for dims in (1, 3) for array in encoded if array.ndim == dims]
        joined = [concatenate(dense, self.dtype)] if dense else []
        return [*joined, *others] if others else joined[0]

    def encode_target(self, table: DataTable) -> Array:
        """Return classes, int64 (n,), standardized numbers, floating (n, k), or labels, float32 (n, L) of 0 and 1.

        DataError for a missing target or a class without a training row.
        """
        with add_location(table.path):
            return self.target.encode(*(table.columns[name] for name in self.target.names))

    def encode_weights(self, table: DataTable) -> Array | None:
        """Return the sample weights, float32 (n,); None if there is no such column. DataError for an invalid weight."""
        if self.weight is None or self.weight not in table.columns:
            return None
        with add_location(table.path):
            return encode_sample_weights(table.columns[self.weight])

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        if not known["columns"]:
            raise CheckpointError("columns: expected one or more")
        formats = {name: ColumnFormat.restore(form) for name, form in known.get("formats", {}).items()}
        columns = [restore_column(column) for column in known["columns"]]
        return known | {"columns": columns, "formats": formats, "target": restore_target(known["target"])}

    def _check_columns(self, table: DataTable) -> None:
        """DataError for missing columns of the inputs."""
        check_present([column.name for column in self.columns], table, "which the network was trained on")


def check_present(names: Sequence[str], table: TableStream, use: str) -> None:
    """DataError for missing columns, with their use."""
    absent = [name for name in names if name not in table.columns]
    if absent:
        near = suggest_name(absent[0], sorted(set(table.columns) - set(names))) if len(absent) == 1 else ""
        raise DataError(f"no {'column' if len(absent) == 1 else 'columns'} {format_names(absent)}, {use}{near}")


def get_input(table: DataTable, column: Column) -> RawColumn:
    """Return the values of an input column."""
    raw = table.columns[column.name]
    return to_text(raw) if column.kind == "text" else raw


def check_names(table: TableStream, options: DataOptions) -> None:
    """DataError for an unknown column, a target that is ignored, or a target that is named twice."""
    for name in (*options.ignore, *options.columns):
        table.column(name)
    for name, count in Counter(options.target_names).items():
        parts = [part.strip() for part in name.split(",")]
        if name not in table.columns and set(parts) <= set(table.columns):
            advice = " ".join(f"--target {part}" for part in parts)
            raise DataError(f"{table.path}: no column {name!r}; name each of several targets by itself: {advice}")
        if count > 1:
            raise DataError(f"{table.path}: the target {name!r} is named {count} times; expected once")
        if name in options.ignore or options.columns.get(name, ColumnOptions()).type == "ignore":
            raise DataError(f"{table.path}: column {name!r} is the target and is ignored; expected one or the other")


def fit_columns(
    training: TableStream, excluded: Collection[str], options: DataOptions
) -> tuple[list[Column], list[str]]:
    """Return the encoders of the input columns, and a note for every column that is excluded or looks ambiguous.

    DataError if none is an input.
    """

    def fit(name: str) -> tuple[Column | None, list[str]]:
        raw, declared = training.columns[name], options.columns.get(name, ColumnOptions())
        if reason := explain_uselessness(raw, declared):
            return None, [f"column {name!r} is excluded: {reason}"]
        column = fit_column(raw, declared, options.one_hot_limit, options.text_features, options.number_scaling)
        if isinstance(column, TextColumn):
            return (column if column.size else None), [format_text_note(column, declared)]
        return column, find_sentinels(raw)

    ignored = {name for name, declared in options.columns.items() if declared.type == "ignore"}
    used = [name for name in training.columns if name not in {*excluded, *options.ignore, *ignored}]
    # Streamed columns share the database of the table, so they are fitted one by one.
    found = map_parallel(fit, used) if isinstance(training, DataTable) else list(map(fit, used))
    columns = [column for column, _ in found if column is not None]
    notes = [note for _, some in found for note in some]
    if not columns:
        raise DataError("; ".join(["no input column is left besides the target; add one", *notes]))
    return columns, notes


def format_text_note(column: TextColumn, options: ColumnOptions) -> str:
    """Return the note about a column of free text, with the option that excludes it."""
    if not column.size:
        return f"column {column.name!r} is excluded: none of its words is in two training rows"
    note = f"column {column.name!r} is free text: {column.size:,} of its words and word pairs are inputs"
    return note if options.type == "text" else f"{note}; exclude it with {suggest_ignore(column.name)}"


def concatenate(columns: Sequence[Array], dtype: str) -> Array:
    """Concatenate arrays (n, k) to (n, width), in blocks of rows that fit in the CPU caches."""
    rows = len(columns[0])
    joined = np.empty((rows, sum(column.shape[1] for column in columns)), dtype)

    def join(begin: int) -> None:
        np.concatenate(
            [column[begin : begin + BLOCK_ROWS] for column in columns], axis=1, out=joined[begin : begin + BLOCK_ROWS]
        )

    map_parallel(join, range(0, rows, BLOCK_ROWS))
    return joined
