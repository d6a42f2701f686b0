"""The fitted preprocessing of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.class_target import ClassTarget
from nntrain.data.column_options import ColumnOptions
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import restore_column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.located import located
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.schema_fit import check_names, fit_columns, giveaways, task_of
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.data.table_stream import TableStream
from nntrain.data.target import TargetColumn
from nntrain.data.target_types import fit_target, restore_target
from nntrain.errors import DataError, nearest

__all__ = ["Schema"]


class Schema:
    """How the columns of a table become inputs and targets: fitted on training rows, then applied to any.

    ``columns``: the encoders of the input columns. ``target``: what is predicted. ``target_kind``: how it is read.
    ``notes``: sentences for the user.
    """

    def __init__(self, columns: list[Column], target: TargetColumn, target_kind: Kind, notes: list[str]) -> None:
        self.columns = columns
        self.target = target
        self.target_kind = target_kind
        self.notes = notes

    @classmethod
    def fit(
        cls,
        table: Table | StreamedTable,
        rows: Array,
        *,
        target: str,
        task: Literal["auto", "classification", "regression"] = "auto",
        ignore: Sequence[str] = (),
        declared: Mapping[str, ColumnOptions] | None = None,
        one_hot_limit: int = 32,
    ) -> Self:
        """Learn from the training rows ``rows`` of ``table``; those without a target are left out.

        DataError for a column that is not there, a target with one class, or a table without any input.
        """
        known = rows[~table.column(target).missing[rows]]
        training = table.take(known)
        schema = cls.learn(
            training, target=target, task=task, ignore=ignore, declared=declared, one_hot_limit=one_hot_limit
        )
        if len(known) < len(rows):
            schema.notes.insert(0, f"{len(rows) - len(known)} training rows have no target and are left out")
        return schema

    @classmethod
    def learn(
        cls,
        training: TableStream,
        *,
        target: str,
        task: Literal["auto", "classification", "regression"] = "auto",
        ignore: Sequence[str] = (),
        declared: Mapping[str, ColumnOptions] | None = None,
        one_hot_limit: int = 32,
    ) -> Self:
        """Learn from training rows that all have a target."""
        answer = training.column(target)
        declared = declared or {}
        check_names(training, target, ignore, declared)
        chosen, reasons = task_of(answer, task)
        with located(training.path):
            fitted = fit_target(answer, chosen)
            columns, left_out = fit_columns(training, {target, *ignore}, declared, one_hot_limit)
        notes = [*reasons, *describe(fitted), *left_out, *giveaways(training.sample(), columns, fitted)]
        return cls(columns, fitted, answer.kind, notes)

    def encode_inputs(self, table: Table) -> Array | list[Array]:
        """The inputs of every row: float32 (n, width), or with index columns a list.

        The list: the dense part, if there is any, then int64 (n,) for each index column.
        DataError names a column that is missing.
        """
        with located(table.path):
            encoded = [column.encode(self._input(table, column)) for column in self.columns]
        dense = [array for array in encoded if array.ndim == 2]
        indices = [array for array in encoded if array.ndim == 1]
        joined = [np.concatenate(dense, axis=1)] if dense else []
        return [*joined, *indices] if indices else joined[0]

    def encode_target(self, table: Table) -> Array:
        """int64 (n,) labels, or float32 (n, 1) standardised numbers.

        DataError for a missing target or a class that was not in the training rows.
        """
        raw = table.column(self.target.name)
        with located(table.path):
            return self.target.encode(raw)

    def input_names(self) -> list[str]:
        """The names of the columns of the dense part."""
        return [name for column in self.columns if not isinstance(column, IndexColumn) for name in column.names]

    def index_sizes(self) -> list[tuple[str, int]]:
        """Name and number of codes of every index column: the rows of its LookupTable."""
        return [(column.name, column.size) for column in self.columns if isinstance(column, IndexColumn)]

    def unseen(self) -> dict[str, int]:
        """How many values of the last table were categories never seen in training, by column, where there were any."""
        categories = [column for column in self.columns if isinstance(column, CategoryColumn)]
        return {column.name: column.unseen for column in categories if column.unseen}

    def kinds(self) -> dict[str, Kind]:
        """How ``read_table`` is to read the columns of another file."""
        return {column.name: column.kind for column in self.columns} | {self.target.name: self.target_kind}

    def state(self) -> dict[str, Any]:
        """Everything, as a tree of arrays and JSON values."""
        columns = [column.state() for column in self.columns]
        target = self.target.state()
        fields = {"columns": columns, "target": target, "target_kind": self.target_kind, "notes": list(self.notes)}
        return {"type": "Schema", **fields}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """The schema whose ``state`` this is."""
        columns = [restore_column(column) for column in state["columns"]]
        return cls(columns, restore_target(state["target"]), state["target_kind"], list(state["notes"]))

    def _input(self, table: Table, column: Column) -> RawColumn:
        if column.name not in table.columns:
            near = nearest(column.name, table.columns)
            raise DataError(f"no column {column.name!r}, which the network was trained on{near}")
        raw = table.columns[column.name]
        return raw.as_text() if column.kind == "text" else raw


def describe(target: TargetColumn) -> list[str]:
    """The classes and how many training rows each has."""
    if not isinstance(target, ClassTarget):
        return []
    listed = ", ".join(f"{label} ({count})" for label, count in zip(target.labels[:20], target.counts, strict=False))
    more = f", and {len(target.labels) - 20} more" if len(target.labels) > 20 else ""
    return [f"{len(target.labels)} classes in the training rows: {listed}{more}"]
