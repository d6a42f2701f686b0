"""Target leakage: columns that are the target under another name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from nntrain.data.advice import ignoring
from nntrain.data.array import Array
from nntrain.data.coded_column import coded
from nntrain.data.number_target import NumberTarget
from nntrain.data.raw_column import RawColumn, different
from nntrain.data.target import Target, Task

__all__ = ["giveaway"]

# A rule learned from fewer rows than this may be chance.
LEAST_ROWS = 20

# A column of groups has at least this many rows a group, on average; with fewer, a group knows its rows by heart.
ROWS_A_GROUP = 20

# The share of the training rows that a giveaway predicts, and of the errors of always guessing the commonest class
# that it leaves: where one class has nearly all rows, every column predicts nearly all.
PREDICTED = 0.999
LEFT_OVER = 0.01

EXPLAINED = 0.9999

# Rows that are looked at before all are.
FEW_ROWS = 1000

# Of more labels or numbers than this, only the first are looked at: each takes a pass over the column.
MOST_QUESTIONS = 20


def giveaway(raw: RawColumn, target: Target, answers: Array) -> str | None:
    """A sentence for the user if the training rows ``raw`` alone tell one of ``answers``, the encoded target."""
    if len(answers) < LEAST_ROWS:
        return None
    told = (what_it_tells(raw, target.task, *question) for question in questions(target, answers))
    found = next((what for what in told if what is not None), None)
    advice = f"if it is not available at prediction time, exclude it with {ignoring(raw.name)}"
    return None if found is None else f"column {raw.name!r} leaks the target: {found}; {advice}"


def questions(target: Target, answers: Array) -> Iterator[tuple[str, Array]]:
    """What is to be predicted, each by its name with the answer of every row; of very many, the first."""
    if answers.ndim == 1:
        yield target.name, answers
    else:
        yield from islice(zip(target.labels, answers.T, strict=True), MOST_QUESTIONS)
    if isinstance(target, NumberTarget) and target.log_start.any():
        # A column may tell the numbers of the file, whose logarithms it does not tell as a line.
        yield from islice(zip(target.labels, target.decode(answers).T, strict=True), MOST_QUESTIONS)


def what_it_tells(raw: RawColumn, task: Task, name: str, answers: Array) -> str | None:
    """How much of the answers the column tells, in words, if that is nearly all."""
    if task == "regression":
        share = explained(raw, answers)
        return None if share is None else f"it alone explains {share:.2%} of the variance of {name!r}"
    share = predicted(raw, answers.astype(np.int64))
    return None if share is None else f"it alone predicts {name!r} in {share:.1%} of the training rows"


def predicted(raw: RawColumn, labels: Array) -> float | None:
    """The share of rows whose class follows from the column, if that is nearly all."""
    groups = groups_of(raw)
    if groups is None:
        return 1.0 if separates(raw, labels) else None
    shape = groups.max() + 1, labels.max() + 1
    table = np.bincount(groups * shape[1] + labels, minlength=shape[0] * shape[1]).reshape(shape)
    errors = len(labels) - table.max(axis=1).sum()
    guessed = len(labels) - table.sum(axis=0).max()
    share = float(1 - errors / len(labels))
    return share if share >= PREDICTED and errors <= LEFT_OVER * guessed else None


def separates(raw: RawColumn, labels: Array) -> bool:
    """Whether the classes lie side by side on the number line, none reaching into another."""
    if raw.kind not in ("number", "time") or raw.missing.any():
        return False
    # Of most columns a few rows of two classes tell that they are no such, which takes less than to sort them.
    if any(mixed(raw.values[:rows], labels[:rows]) for rows in (FEW_ROWS, len(labels))):
        return False
    order = np.argsort(raw.values, kind="stable")
    values, sorted_labels = raw.values[order], labels[order]
    changes = sorted_labels[1:] != sorted_labels[:-1]
    tied = values[1:] == values[:-1]
    return int(changes.sum()) == len(np.unique(labels)) - 1 and not (changes & tied).any()


def mixed(values: Array, labels: Array) -> bool:
    """Whether the class of the first row and another one reach into each other; not if there is no other."""
    first = labels == labels[0]
    if first.all():
        return False
    some, others = values[first], values[labels == labels[first.argmin()]]
    return bool(some.min() <= others.max() and others.min() <= some.max())


def explained(raw: RawColumn, answers: Array) -> float | None:
    """The share of the target's variance that follows from the column, if that is nearly all."""
    groups = groups_of(raw)
    share = correlated(raw, answers) if groups is None else between(groups, answers)
    return share if share > EXPLAINED else None


def correlated(raw: RawColumn, answers: Array) -> float:
    """r² of the rows that have a number, if that is nearly all."""
    known = ~raw.missing
    if raw.kind != "number" or known.mean() < PREDICTED or np.ptp(raw.values[known]) == 0:
        return 0.0
    x = raw.values[known] / np.abs(raw.values[known]).max()
    return float(np.corrcoef(x, answers[known])[0, 1] ** 2)


def between(groups: Array, answers: Array) -> float:
    """R² = 1 − Σ (t − mean of its group)² / Σ (t − mean)²."""
    t = answers.astype(np.float64)
    sizes = np.bincount(groups)
    means = np.bincount(groups, weights=t) / np.maximum(sizes, 1)
    total = np.square(t - t.mean()).sum()
    return float(1 - np.square(t - means[groups]).sum() / total) if total > 0 else 0.0


def groups_of(raw: RawColumn) -> Array | None:
    """The group of each row by its value, a missing one being a group too; None if there are too many groups."""
    if raw.kind == "text":
        codes = coded(raw).codes
        groups = (np.cumsum(np.bincount(codes) > 0) - 1)[codes]
        return groups if groups.max() < len(groups) // ROWS_A_GROUP else None
    most = len(raw.values) // ROWS_A_GROUP
    # So many rows tell already whether there are too many groups.
    if len(np.unique(raw.values[: 2 * most])) > most:
        return None
    _, groups = different(raw.values)
    return groups if groups.max() < most else None
