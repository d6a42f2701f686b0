"""Target leakage: columns that are the target under another name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.tables.coded_column import factorize
from nntrain.data.tables.raw_column import RawColumn, find_distinct
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target import Target, TaskType

__all__ = ["explain_leakage"]

# A rule learned from fewer rows than this may be chance.
MIN_ROWS = 20

# A column of groups has at least this many rows a group, on average; with fewer, a group knows its rows by heart.
MIN_ROWS_PER_GROUP = 20

# The share of the training rows that a giveaway predicts, and of the errors of always guessing the commonest class
# that it leaves: where one class has nearly all rows, every column predicts nearly all.
MIN_ACCURACY = 0.999
MAX_ERROR_REDUCTION = 0.01

MIN_R2 = 0.9999

# Rows that are looked at before all are.
SAMPLE_ROWS = 1000

# Of more labels or numbers than this, only the first are looked at: each takes a pass over the column.
MAX_TARGETS = 20


def explain_leakage(raw: RawColumn, target: Target, targets: Array) -> str | None:
    """A sentence for the user if the training rows ``raw`` alone tell one of ``targets``, the encoded target."""
    if len(targets) < MIN_ROWS:
        return None
    told = (describe_leakage(raw, target.task, *question) for question in iterate_targets(target, targets))
    found = next((what for what in told if what is not None), None)
    advice = f"if it is not available at prediction time, exclude it with {suggest_ignore(raw.name)}"
    return None if found is None else f"column {raw.name!r} leaks the target: {found}; {advice}"


def iterate_targets(target: Target, targets: Array) -> Iterator[tuple[str, Array]]:
    """What is to be predicted, each by its name with the answer of every row; of very many, the first."""
    if targets.ndim == 1:
        yield target.name, targets
    else:
        yield from islice(zip(target.labels, targets.T, strict=True), MAX_TARGETS)
    if isinstance(target, NumberTarget) and target.log_start.any():
        # A column may tell the numbers of the file, whose logarithms it does not tell as a line.
        yield from islice(zip(target.labels, target.decode(targets).T, strict=True), MAX_TARGETS)


def describe_leakage(raw: RawColumn, task: TaskType, name: str, targets: Array) -> str | None:
    """How much of the answers the column tells, in words, if that is nearly all."""
    if task == "regression":
        share = find_explained_variance(raw, targets)
        return None if share is None else f"it alone explains {share:.2%} of the variance of {name!r}"
    share = find_accuracy(raw, targets.astype(np.int64))
    return None if share is None else f"it alone predicts {name!r} in {share:.1%} of the training rows"


def find_accuracy(raw: RawColumn, labels: Array) -> float | None:
    """The share of rows whose class follows from the column, if that is nearly all."""
    groups = group_rows(raw)
    if groups is None:
        return 1.0 if is_separating(raw, labels) else None
    shape = groups.max() + 1, labels.max() + 1
    table = np.bincount(groups * shape[1] + labels, minlength=shape[0] * shape[1]).reshape(shape)
    errors = len(labels) - table.max(axis=1).sum()
    guessed = len(labels) - table.sum(axis=0).max()
    share = float(1 - errors / len(labels))
    return share if share >= MIN_ACCURACY and errors <= MAX_ERROR_REDUCTION * guessed else None


def is_separating(raw: RawColumn, labels: Array) -> bool:
    """Whether the classes lie side by side on the number line, none reaching into another."""
    if raw.kind not in ("number", "time") or raw.missing.any():
        return False
    # Of most columns a few rows of two classes tell that they are no such, which takes less than to sort them.
    if any(has_overlap(raw.values[:rows], labels[:rows]) for rows in (SAMPLE_ROWS, len(labels))):
        return False
    order = np.argsort(raw.values, kind="stable")
    values, sorted_labels = raw.values[order], labels[order]
    changes = sorted_labels[1:] != sorted_labels[:-1]
    tied = values[1:] == values[:-1]
    return int(changes.sum()) == len(np.unique(labels)) - 1 and not (changes & tied).any()


def has_overlap(values: Array, labels: Array) -> bool:
    """Whether the class of the first row and another one reach into each other; not if there is no other."""
    first = labels == labels[0]
    if first.all():
        return False
    some, others = values[first], values[labels == labels[first.argmin()]]
    return bool(some.min() <= others.max() and others.min() <= some.max())


def find_explained_variance(raw: RawColumn, targets: Array) -> float | None:
    """The share of the target's variance that follows from the column, if that is nearly all."""
    groups = group_rows(raw)
    share = compute_r2(raw, targets) if groups is None else compute_group_r2(groups, targets)
    return share if share > MIN_R2 else None


def compute_r2(raw: RawColumn, targets: Array) -> float:
    """r² of the rows that have a number, if that is nearly all."""
    known = ~raw.missing
    if raw.kind != "number" or known.mean() < MIN_ACCURACY or np.ptp(raw.values[known]) == 0:
        return 0.0
    x = raw.values[known] / np.abs(raw.values[known]).max()
    return float(np.corrcoef(x, targets[known])[0, 1] ** 2)


def compute_group_r2(groups: Array, targets: Array) -> float:
    """R² = 1 − Σ (t − mean of its group)² / Σ (t − mean)²."""
    t = targets.astype(np.float64)
    sizes = np.bincount(groups)
    means = np.bincount(groups, weights=t) / np.maximum(sizes, 1)
    total = np.square(t - t.mean()).sum()
    return float(1 - np.square(t - means[groups]).sum() / total) if total > 0 else 0.0


def group_rows(raw: RawColumn) -> Array | None:
    """The group of each row by its value, a missing one being a group too; None if there are too many groups."""
    if raw.kind == "text":
        codes = factorize(raw).codes
        groups = (np.cumsum(np.bincount(codes) > 0) - 1)[codes]
        return groups if groups.max() < len(groups) // MIN_ROWS_PER_GROUP else None
    most = len(raw.values) // MIN_ROWS_PER_GROUP
    # So many rows tell already whether there are too many groups.
    if len(np.unique(raw.values[: 2 * most])) > most:
        return None
    _, groups = find_distinct(raw.values)
    return groups if groups.max() < most else None
