"""Infer the task from the target."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.column_statistics import ColumnStatistics, count_distinct
from nntrain.data.tables.raw_column import KIND_PLURALS, MAX_VALUES, RawColumn, ValueStream
from nntrain.data.targets.target import TaskChoice, TaskType
from nntrain.errors import DataError
from nntrain.formatting import format_names

# The maximum number of distinct integers in a table, or in an array of labels, that are inferred as classes.
MAX_TABLE_CLASSES = 20
MAX_ARRAY_CLASSES = 1000

# Their minimum mean number of rows.
MIN_ROWS_PER_CLASS = 2


def resolve_task(
    raws: Sequence[ValueStream], choice: TaskChoice, label_separator: str | None = None
) -> tuple[TaskType, list[str]]:
    """Return the task for these columns, and, if it is inferred, a note with the reason.

    DataError for a task that does not fit the columns.
    """
    names = ", ".join(raw.name for raw in raws)
    if label_separator is not None and (len(raws) > 1 or choice not in ("auto", "multilabel")):
        raise DataError(f"target {names!r}: data.label_separator is for the labels of one column; remove it")
    if choice == "classification" and len(raws) > 1:
        raise DataError(f"targets {names!r}: expected one column of classes; set task to multilabel or regression")
    if choice != "auto":
        return choice, []
    if label_separator is not None:
        return "multilabel", [f"the target {names!r} has lists of labels: a multi-label classification"]
    inferred, reason = infer_task(raws[0]) if len(raws) == 1 else infer_common_task(raws)
    return inferred, [reason]


def infer_common_task(raws: Sequence[ValueStream]) -> tuple[TaskType, str]:
    """Return the task of several columns, and the reason. DataError if they have none in common."""
    names = format_names([raw.name for raw in raws])
    if all(is_binary(raw) for raw in raws):
        return "multilabel", f"the targets {names} have two values each: a multi-label classification"
    if all(raw.kind == "number" and not is_binary(raw) for raw in raws):
        return "regression", f"the targets {names} are numbers: a regression"
    got = ", ".join(f"{raw.name!r} {'two values' if is_binary(raw) else KIND_PLURALS[raw.kind]}" for raw in raws)
    raise DataError(
        f"the targets conflict: expected numbers in all, or two values in each, got {got}; train a network for each"
    )


def is_binary(raw: ValueStream) -> bool:
    """Whether a column has at most two distinct values; if it is numeric, integers."""
    if raw.kind == "number" and not ColumnStatistics.compute(raw).is_integer:
        return False
    distinct = count_distinct(raw)
    return distinct is not None and distinct <= 2 and (distinct > 0 or raw.kind != "number")


def infer_task(raw: ValueStream, max_classes: int = MAX_TABLE_CLASSES) -> tuple[TaskType, str]:
    """Return the task, and a note with the reason. DataError for values that are neither numbers nor classes."""
    if raw.kind != "number":
        require_classes(raw)
        return "classification", f"the target {raw.name!r} is {raw.kind}: a classification"
    statistics, distinct = ColumnStatistics.compute(raw), raw.count_distinct()
    if distinct is None:
        return "regression", f"the target {raw.name!r} has more than {MAX_VALUES:,} distinct numbers: a regression"
    if statistics.is_integer and distinct <= max_classes and distinct * MIN_ROWS_PER_CLASS <= statistics.known_count:
        reason = f"the target {raw.name!r} has {distinct} distinct integers: a classification"
        return "classification", f"{reason}; if they are quantities, --set 'data.task=\"regression\"'"
    reason = f"the target {raw.name!r} has {distinct} distinct numbers: a regression"
    advice = "; if they are classes, --set 'data.task=\"classification\"'" if statistics.is_integer else ""
    return "regression", f"{reason}{advice}"


def require_classes(raw: ValueStream) -> None:
    """DataError if most values, such as dates and names, occur once: networks cannot learn such classes."""
    counts = to_text(raw).count_values()
    if counts is None:
        return
    distinct, rows = len(counts) - (None in counts), sum(counts.values()) - counts[None]
    if distinct > MAX_TABLE_CLASSES and distinct * MIN_ROWS_PER_CLASS > rows:
        raise DataError(
            f"target {raw.name!r}: expected numbers or classes, got {distinct:,} different {KIND_PLURALS[raw.kind]} in "
            f"{rows:,} rows; choose another target, or --set 'data.task=\"classification\"'"
        )


def resolve_array_task(raw: RawColumn, dtype: np.dtype[Any], task: TaskChoice) -> tuple[TaskType, list[str]]:
    """Return the task of targets stored as ``dtype``, and, if it is inferred, a note with the reason.

    A few distinct integers, and one-hot rows, are classes; several booleans per row are labels; floats are quantities.
    DataError for a classification with rows of several numbers that are not one-hot.
    """
    width = raw.values.shape[1] if raw.values.ndim > 1 else 1
    if width > 1 and task == "classification":
        decode_one_hot(raw.values)
    if task != "auto":
        return task, []
    if width > 1 and is_one_hot(raw.values):
        advice = "if they are labels, --set 'data.task=\"multilabel\"'"
        return "classification", [f"the targets are one-hot rows of {width} classes: a classification; {advice}"]
    if width > 1 and dtype.kind == "b":
        return "multilabel", [f"the targets have {width} booleans per row: a multi-label classification"]
    if width > 1:
        advice = "; if they are labels, --set 'data.task=\"multilabel\"'" if dtype.kind in "iu" else ""
        return "regression", [f"the targets have {width} numbers per row: a regression{advice}"]
    if raw.kind == "text":
        return "classification", ["the targets are text: a classification"]
    if dtype.kind == "f":
        advice = "if they are classes, --set 'data.task=\"classification\"'"
        return "regression", [f"the targets are floats: a regression; {advice}"]
    inferred, reason = infer_task(raw, MAX_ARRAY_CLASSES)
    return inferred, [reason]


def is_one_hot(values: Array) -> bool:
    """Whether every row of (n, k) has one 1 and is 0 elsewhere."""
    return bool(np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all())


def decode_one_hot(values: Array) -> Array:
    """Return the class of each one-hot row of (n, k), from 0. DataError if a row is not one-hot."""
    if not is_one_hot(values):
        width = values.shape[1]
        raise DataError(f"targets: expected the shape (n,), or one 1 in each row of (n, {width}), for a classification")
    return values.argmax(axis=1).astype(np.float64)
