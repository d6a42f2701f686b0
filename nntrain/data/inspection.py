"""The data of a run as they are before training: columns, parts, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_rows import ArrayRows
from nntrain.data.class_target import ClassTarget
from nntrain.data.column_facts import ColumnFacts, facts_of_arrays, facts_of_table
from nntrain.data.data_options import DataOptions
from nntrain.data.file_state import unchanged
from nntrain.data.load import cut_of, cuts_of, groups_of, load
from nntrain.data.number_target import NumberTarget
from nntrain.data.part import Part
from nntrain.data.prepared import Prepared
from nntrain.data.repeats import Repeats, repeats
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.source import Source
from nntrain.data.streaming.memory import memory_for, streams
from nntrain.data.table_rows import TableRows
from nntrain.data.target import Target
from nntrain.files.temporary_folder import temporary_folder

__all__ = ["Inspection", "inspect"]

# A class that has this many times fewer rows than another is told.
IMBALANCE = 10

# Targets that are looked at together.
ROWS = 2**16

FIGURES = ("mean", "deviation", "least", "most")

Balance = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Inspection:
    """``balance``: the rows of each class in each part; of a regression mean, deviation, least and most of each part.

    ``repeats`` count rows from 0 in their part. ``problems``: what may make the scores worth nothing, and what to do.
    """

    prepared: Prepared
    columns: list[ColumnFacts]
    balance: Balance
    repeats: list[Repeats]
    problems: list[str]


def inspect(options: DataOptions, seed: int) -> Inspection:
    """Load the data of a run and look at them. DataError as from ``load``."""
    with unchanged(*options.paths), ExitStack() as open_files:
        groups = None if streams(options) else groups_of(options, None)
        told: list[str] = []
        prepared = load(options, seed, groups=groups, tell=told.append)
        prepared.notes[:0] = told
        groups = groups or groups_of(options, None, source_for(options, open_files))
        columns, cuts = looked_at(options, seed, prepared, groups)
    parts = prepared.parts
    same = repeats(parts)
    balance = balance_of(prepared.schema.target, parts)
    problems = [
        *(fact.giveaway for fact in columns if fact.giveaway),
        *(found.sentence(cuts) for found in same),
    ]
    if isinstance(prepared.schema.target, ClassTarget):
        problems += unbalanced(balance)
    return Inspection(prepared, columns, balance, same, problems)


def looked_at(
    options: DataOptions, seed: int, prepared: Prepared, groups: Mapping[str, Rows]
) -> tuple[list[ColumnFacts], dict[str, Array]]:
    """The facts of the columns, and the rows of the file that are in each part, as far as they can be told."""
    whole = groups["train"]
    cut = cut_of(groups, options, seed, None)
    cuts = cuts_of(whole, cut)
    if isinstance(whole, TableRows) and isinstance(prepared.schema, Schema):
        return facts_of_table(whole.table, cut.train, prepared.schema, options), cuts
    assert isinstance(whole, ArrayRows)
    return facts_of_arrays(whole, prepared.schema.target), cuts


def source_for(options: DataOptions, open_files: ExitStack) -> Source:
    """A reader of the file, piece by piece as in training."""
    from nntrain.data.streaming.disk_source import disk_source

    folder = open_files.enter_context(temporary_folder())
    return disk_source(folder, memory_for(options), open_files)


def balance_of(target: Target, parts: Mapping[str, Part]) -> Balance:
    """What the targets of each part are."""
    if not isinstance(target, NumberTarget):
        counts = {name: counts_of(part, len(target.labels)) for name, part in parts.items()}
        return {
            label: {name: int(count[code]) for name, count in counts.items()}
            for code, label in enumerate(target.labels)
        }
    figures = {name: figures_of(part, target) for name, part in parts.items()}
    size = len(target.mean)
    return {
        what if size == 1 else f"{label} {what}": {name: float(found[what][index]) for name, found in figures.items()}
        for index, label in enumerate(target.labels)
        for what in FIGURES
    }


def blocks(part: Part) -> Iterator[Array]:
    """The targets of a part, some rows at a time."""
    assert part.targets is not None
    for start in range(0, part.rows, ROWS):
        yield part.targets[start : start + ROWS]


def counts_of(part: Part, labels: int) -> Array:
    """The rows of each class, or of each label."""
    return np.sum([sum_of(t) if t.ndim > 1 else np.bincount(t, minlength=labels) for t in blocks(part)], axis=0)


def sum_of(t: Array) -> Array:
    """Σ t over the rows."""
    return t.sum(axis=0, dtype=np.float64)


def figures_of(part: Part, target: NumberTarget) -> dict[str, Array]:
    """What the k numbers of a part are, in the units of the file: an array (k,) of each figure."""
    total, squares = np.zeros(len(target.mean)), np.zeros(len(target.mean))
    # Far from 0, squares of the differences from the first row keep the digits that squares would lose.
    first = target.decode(next(blocks(part))[:1])[0]
    least, most = np.full(len(total), np.inf), np.full(len(total), -np.inf)
    for t in blocks(part):
        x = target.decode(t) - first
        total += sum_of(x)
        squares += sum_of(np.square(x))
        least, most = np.minimum(least, x.min(axis=0)), np.maximum(most, x.max(axis=0))
    mean = total / part.rows
    deviation = np.sqrt(np.maximum(squares / part.rows - mean**2, 0))
    return {"mean": mean + first, "least": least + first, "most": most + first, "deviation": deviation}


def unbalanced(balance: Balance) -> list[str]:
    """What to say of classes that a part lacks, and of rare ones."""
    told = [
        f"class {label!r} has no row in the {part} part: its scores say nothing of it; give more rows of the class"
        for label, counts in balance.items()
        for part, count in counts.items()
        if not count
    ]
    sizes = {label: counts["train"] for label, counts in balance.items()}
    rare, common = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    if sizes[rare] * IMBALANCE <= sizes[common]:
        told.append(
            f"class {rare!r} has {sizes[rare]:,} of the training rows and {common!r} {sizes[common]:,}: always "
            f"guessing the second scores an accuracy of {sizes[common] / sum(sizes.values()):.1%}"
        )
    return told
