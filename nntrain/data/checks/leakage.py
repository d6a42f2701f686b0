"""Target leakage: columns that are the target under another name."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.columns.column import Column
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.tables.coded_column import factorize
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, find_distinct
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target import Target, TaskType

# A rule from fewer rows than this may be chance.
MIN_ROWS = 20

# The minimum mean number of rows per group: smaller groups memorize their rows.
MIN_ROWS_PER_GROUP = 20

# The minimum accuracy of a leaking column, and its maximum errors as a fraction of those of always predicting the most
# frequent class: if one class has nearly all rows, every column predicts nearly all.
MIN_ACCURACY = 0.999
MAX_ERROR_FRACTION = 0.01

MIN_R2 = 0.9999

# Rows to try before a full pass.
SAMPLE_ROWS = 1000

# The maximum number of labels or numbers to check, from the first on: each takes a pass over the column.
MAX_TARGETS = 20


def find_leakage(training: DataTable, columns: Sequence[Column], target: Target) -> dict[str, str]:
    """Return a warning for every input column that leaks the target, by its name."""
    answers = target.encode(*(training.columns[name] for name in target.names))
    found = map_parallel(lambda column: explain_leakage(training.columns[column.name], target, answers), columns)
    return {column.name: warning for column, warning in zip(columns, found, strict=True) if warning}


def explain_leakage(raw: RawColumn, target: Target, targets: Array) -> str | None:
    """Return a warning if the training rows ``raw`` alone predict one of ``targets``, the encoded target; else None."""
    if len(targets) < MIN_ROWS:
        return None
    reasons = (describe_leakage(raw, target.task, *named) for named in iterate_targets(target, targets))
    reason = next(filter(None, reasons), None)
    advice = f"if it is not available at prediction time, exclude it with {suggest_ignore(raw.name)}"
    return None if reason is None else f"column {raw.name!r} leaks the target: {reason}; {advice}"


def iterate_targets(target: Target, targets: Array) -> Iterator[tuple[str, Array]]:
    """Iterate over the names and values (n,) of the targets, at most ``MAX_TARGETS``."""
    if targets.ndim == 1:
        yield target.name, targets
    else:
        yield from islice(zip(target.labels, targets.T, strict=True), MAX_TARGETS)
    if isinstance(target, NumberTarget) and target.log_start.any():
        # A column may be linear in the numbers of the file, but not in their logarithms.
        yield from islice(zip(target.labels, target.decode(targets).T, strict=True), MAX_TARGETS)


def describe_leakage(raw: RawColumn, task: TaskType, name: str, targets: Array) -> str | None:
    """Return how well the column alone predicts the targets, as a sentence, if nearly perfectly; else None."""
    if task == "regression":
        groups = group_rows(raw)
        r2 = compute_r2(raw, targets) if groups is None else compute_group_r2(groups, targets)
        return f"it alone explains {r2:.2%} of the variance of {name!r}" if r2 > MIN_R2 else None
    accuracy = compute_accuracy(raw, targets.astype(np.int64))
    return None if accuracy is None else f"it alone predicts {name!r} in {accuracy:.1%} of the training rows"


def compute_accuracy(raw: RawColumn, labels: Array) -> float | None:
    """Return the fraction of rows whose class follows from the column, if nearly all; else None."""
    groups = group_rows(raw)
    if groups is None:
        return 1.0 if is_separating(raw, labels) else None
    shape = groups.max() + 1, labels.max() + 1
    table = np.bincount(groups * shape[1] + labels, minlength=shape[0] * shape[1]).reshape(shape)
    errors = len(labels) - table.max(axis=1).sum()
    baseline_errors = len(labels) - table.sum(axis=0).max()
    accuracy = float(1 - errors / len(labels))
    return accuracy if accuracy >= MIN_ACCURACY and errors <= MAX_ERROR_FRACTION * baseline_errors else None


def is_separating(raw: RawColumn, labels: Array) -> bool:
    """Whether the classes are disjoint intervals of the column's values."""
    if raw.kind not in ("number", "time") or raw.missing.any():
        return False
    # For most columns a few rows of two classes show that they are not, which is faster than sorting.
    if any(has_overlap(raw.values[:rows], labels[:rows]) for rows in (SAMPLE_ROWS, len(labels))):
        return False
    order = np.argsort(raw.values, kind="stable")
    values, sorted_labels = raw.values[order], labels[order]
    changes = sorted_labels[1:] != sorted_labels[:-1]
    tied = values[1:] == values[:-1]
    return int(changes.sum()) == len(np.unique(labels)) - 1 and not (changes & tied).any()


def has_overlap(values: Array, labels: Array) -> bool:
    """Whether the intervals of the first row's class and of the next other class overlap; False for one class."""
    first = labels == labels[0]
    if first.all():
        return False
    one, other = values[first], values[labels == labels[first.argmin()]]
    return bool(one.min() <= other.max() and other.min() <= one.max())


def compute_r2(raw: RawColumn, targets: Array) -> float:
    """r² of a line through the rows with a number; 0 if too many rows have none."""
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
    """Return the group of each row by its value, missing values being a group; None for too many groups."""
    if raw.kind == "text":
        codes = factorize(raw).codes
        groups = (np.cumsum(np.bincount(codes) > 0) - 1)[codes]
        return groups if groups.max() < len(groups) // MIN_ROWS_PER_GROUP else None
    max_groups = len(raw) // MIN_ROWS_PER_GROUP
    # The first rows mostly show whether there are too many groups.
    if len(np.unique(raw.values[: 2 * max_groups])) > max_groups:
        return None
    _, groups = find_distinct(raw.values)
    return groups if groups.max() < max_groups else None
