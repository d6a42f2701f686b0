"""The preprocessor of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import restore_column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES, TextColumn
from nntrain.data.error_location import add_location
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.float_type import FloatType, build_dtype_state
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.preprocessing.column_fitting import check_names, find_leakage, fit_columns
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.table_stream import TableStream, find_missing_rows
from nntrain.data.targets.sample_weights import check_sample_weights, encode_sample_weights
from nntrain.data.targets.target import Target, TaskChoice, get_target_names
from nntrain.data.targets.target_options import DEFAULT_TARGET_OPTIONS, TargetOptions
from nntrain.data.targets.target_types import fit_target, restore_target
from nntrain.data.targets.task_inference import resolve_task
from nntrain.errors import CheckpointError, DataError, suggest_name
from nntrain.specs.state_schema import validate_state

# The types of what older checkpoints do not have.
NEW_STATE_TYPES = {
    "formats": dict[str, dict[str, Any]],
    "header": bool | None,
    "warnings": list[str],
    "dtype": FloatType,
}
OLD_STATE_DEFAULTS: dict[str, Any] = {"formats": {}, "header": None, "warnings": [], "dtype": "float32"}

# Rows that are concatenated at once.
BLOCK_ROWS = 4096


class TablePreprocessor(Preprocessor):
    """Encodes the columns of a table."""

    reads_table = True

    def __init__(
        self,
        columns: list[Column],
        target: Target,
        notes: list[str],
        weight: str | None = None,
        formats: Mapping[str, ColumnFormat] | None = None,
        header: bool | None = None,
        warnings: Sequence[str] = (),
        dtype: str = "float32",
    ) -> None:
        self.columns = columns
        self.formats = formats or {}
        self.header = header
        super().__init__(target, notes, weight, dtype, warnings)

    @classmethod
    def fit(
        cls,
        table: TableStream,
        rows: Array,
        *,
        target: str | Sequence[str],
        task: TaskChoice = "auto",
        options: TargetOptions = DEFAULT_TARGET_OPTIONS,
        weight: str | None = None,
        ignore: Sequence[str] = (),
        declared: Mapping[str, ColumnOptions] | None = None,
        one_hot_limit: int = 32,
        text_features: int = MAX_TEXT_FEATURES,
    ) -> Self:
        """Fit on the training rows ``rows`` of ``table``; those without a target are dropped.

        DataError for an unknown column, a target with one class, invalid sample weights, or a table without any input.
        """
        targets = get_target_names(target)
        declared = declared or {}
        check_names(table, targets, ignore, declared)
        missing = find_missing_rows(table, targets)
        known = rows[~missing[rows]] if missing.any() else rows
        training = table.take(known)
        answers = [training.column(name) for name in targets]
        weights = None if weight is None else training.column(weight)
        chosen, reasons = resolve_task(answers, task, options.label_separator)
        with add_location(training.path):
            fitted = fit_target(answers, chosen, options)
            if weights is not None:
                check_sample_weights(weights, targets)
            without = {*targets, *ignore, *filter(None, [weight])}
            columns, left_out = fit_columns(training, without, declared, one_hot_limit, text_features)
        leaks = find_leakage(training.read_sample(), columns, fitted)
        notes = [*reasons, *fitted.build_notes(), *left_out, *leaks]
        if len(known) < len(rows):
            notes.insert(0, f"{len(rows) - len(known)} training rows have no target and are dropped")
        used = {*(column.name for column in columns), *targets, *filter(None, [weight])}
        formats = {name: form for name, form in table.formats.items() if name in used}
        return cls(columns, fitted, notes, weight, formats, table.header, leaks)

    def encode_inputs(self, table: DataTable) -> Array | list[Array]:
        """Return the inputs of every row: floating (n, width), or with index or text columns a list of arrays.

        The list: the dense inputs, if there are any, int64 (n,) for each index column, and float32 (n, k, 2), codes and
        values, for each text column. DataError for a missing column.
        """
        with add_location(table.path):
            encoded = map_parallel(lambda column: column.encode(self._get_input(table, column)), self.columns)
        dense = [array for array in encoded if array.ndim == 2]
        others = [array for dims in (1, 3) for array in encoded if array.ndim == dims]
        joined = [concatenate(dense, self.dtype)] if dense else []
        return [*joined, *others] if others else joined[0]

    def encode_target(self, table: DataTable) -> Array:
        """Return classes, int64 (n,), standardized numbers, floating (n, k), or labels, float32 (n, L) of 0 and 1.

        DataError for a missing target or a class without a training row.
        """
        raws = [table.column(name) for name in self.target.names]
        with add_location(table.path):
            return self.target.encode(*raws)

    def encode_weights(self, table: DataTable) -> Array | None:
        """Return the sample weights, float32 (n,); None if there is no such column. DataError for an invalid weight."""
        if self.weight is None or self.weight not in table.columns:
            return None
        with add_location(table.path):
            return encode_sample_weights(table.columns[self.weight])

    def get_input_names(self) -> list[str]:
        """Return the names of the dense inputs."""
        return [
            name for column in self.columns if not isinstance(column, IndexColumn | TextColumn) for name in column.names
        ]

    def state(self) -> dict[str, Any]:
        columns = [column.state() for column in self.columns]
        target = self.target.state()
        fields = {"columns": columns, "target": target, "weight": self.weight, "notes": list(self.notes)}
        fields |= {"warnings": list(self.warnings)}
        formats = {name: form.state() for name, form in self.formats.items()}
        return {"type": "Schema", **fields, "formats": formats, "header": self.header, **build_dtype_state(self.dtype)}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """Build the preprocessor of a state."""
        kinds = {"columns": list[dict[str, Any]], "target": dict, "notes": list[str], "weight": str | None}
        known = validate_state({**OLD_STATE_DEFAULTS, **state}, kinds | NEW_STATE_TYPES)
        columns = [restore_column(column) for column in known["columns"]]
        if not columns:
            raise CheckpointError("columns: expected one or more")
        formats = {name: ColumnFormat.restore(form) for name, form in known["formats"].items()}
        target = restore_target(known["target"])
        others = (known["weight"], formats, known["header"], known["warnings"], known["dtype"])
        return cls(columns, target, known["notes"], *others)

    def _get_input(self, table: DataTable, column: Column) -> RawColumn:
        if column.name not in table.columns:
            known = {column.name for column in self.columns}
            near = suggest_name(column.name, (name for name in table.columns if name not in known))
            raise DataError(f"no column {column.name!r}, which the network was trained on{near}")
        raw = table.columns[column.name]
        return to_text(raw) if column.kind == "text" else raw


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
