"""Whether a target is a class or a number."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from nntrain.data.extent import Extent
from nntrain.data.raw_column import RawColumn
from nntrain.data.target import Task
from nntrain.data.value_stream import MOST_VALUES, ValueStream
from nntrain.errors import DataError

__all__ = ["infer_task", "task_of_array"]

# The most classes that whole numbers in a table, or in an array of labels, are taken for.
CLASSES_IN_A_TABLE = 20
CLASSES_IN_AN_ARRAY = 1000

# And each must be met this often, on average.
ROWS_A_CLASS = 2


def infer_task(raw: ValueStream, most_classes: int = CLASSES_IN_A_TABLE) -> tuple[Task, str]:
    """The task, and why in a sentence for the user."""
    if raw.kind != "number":
        return "classification", f"the target {raw.name!r} is {raw.kind}: a classification"
    extent, distinct = Extent.of(raw), raw.distinct()
    if distinct is None:
        return "regression", f"the target {raw.name!r} has more than {MOST_VALUES:,} different numbers: a regression"
    if extent.whole and distinct <= most_classes and distinct * ROWS_A_CLASS <= extent.known:
        sentence = f"the target {raw.name!r} has {distinct} different whole numbers: a classification"
        return "classification", f"{sentence}; if they are quantities, --set 'data.task=\"regression\"'"
    sentence = f"the target {raw.name!r} has {distinct} different numbers: a regression"
    return "regression", f"{sentence}; if they are classes, --set 'data.task=\"classification\"'"


def task_of_array(
    raw: RawColumn, dtype: np.dtype[Any], task: Literal["auto", "classification", "regression"]
) -> tuple[Task, list[str]]:
    """The task of targets stored as ``dtype``, and where it was not given a note that says why.

    Whole numbers are labels where they are few; floats are quantities. DataError for classes in more than one column.
    """
    width = raw.values.shape[1] if raw.values.ndim > 1 else 1
    if width > 1 and task == "classification":
        raise DataError(f"targets: expected the shape (n,) for a classification, got (n, {width})")
    if task != "auto":
        return task, []
    if width > 1:
        return "regression", [f"the targets have {width} numbers a row: a regression"]
    if dtype.kind == "f":
        advice = "if they are classes, --set 'data.task=\"classification\"'"
        return "regression", [f"the targets are floats: a regression; {advice}"]
    inferred, reason = infer_task(raw, CLASSES_IN_AN_ARRAY)
    return inferred, [reason]
