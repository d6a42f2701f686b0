"""What is decided when a schema is fitted: which columns are inputs, what the task is, what the user should know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from nntrain.data.column_options import ColumnOptions
from nntrain.data.columns.column import Column
from nntrain.data.columns.fit_column import fit_column, useless
from nntrain.data.giveaway import giveaway
from nntrain.data.table import Table
from nntrain.data.table_stream import TableStream
from nntrain.data.target import TargetColumn, Task
from nntrain.data.task import infer_task
from nntrain.data.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["check_names", "fit_columns", "giveaways", "task_of"]


def check_names(table: TableStream, target: str, ignore: Sequence[str], declared: Mapping[str, ColumnOptions]) -> None:
    """DataError for a name that is no column, or a target that is ignored."""
    for name in (*ignore, *declared):
        table.column(name)
    if target in ignore or declared.get(target, ColumnOptions()).type == "ignore":
        raise DataError(f"{table.path}: column {target!r} is the target and is ignored; expected one or the other")


def task_of(raw: ValueStream, task: Literal["auto", "classification", "regression"]) -> tuple[Task, list[str]]:
    """The task, and where it was not given a note that says why."""
    if task != "auto":
        return task, []
    inferred, reason = infer_task(raw)
    return inferred, [reason]


def fit_columns(
    training: TableStream, without: Collection[str], declared: Mapping[str, ColumnOptions], one_hot_limit: int
) -> tuple[list[Column], list[str]]:
    """The encoders of the input columns, and a note for every column left out. DataError if none is an input."""
    columns, notes = [], []
    for name, raw in training.columns.items():
        options = declared.get(name, ColumnOptions())
        if name in without or options.type == "ignore":
            continue
        if reason := useless(raw, options):
            notes.append(f"column {name!r} is left out: {reason}")
        else:
            columns.append(fit_column(raw, options, one_hot_limit))
    if not columns:
        raise DataError("; ".join(["no column is left as an input", *notes]))
    return columns, notes


def giveaways(training: Table, columns: list[Column], target: TargetColumn) -> list[str]:
    """A note for every input column that gives the answer away."""
    answers = target.encode(training.columns[target.name])
    found = [giveaway(training.columns[column.name], target, answers) for column in columns]
    return [note for note in found if note]
