"""The data of a run as they are before training: columns, parts, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_rows import ArrayRows
from nntrain.data.class_target import ClassTarget
from nntrain.data.column_facts import ColumnFacts, facts_of_arrays, facts_of_table
from nntrain.data.data_options import DataOptions
from nntrain.data.load import cut_of, groups_of, load
from nntrain.data.number_target import NumberTarget
from nntrain.data.part import Part
from nntrain.data.prepared import Prepared
from nntrain.data.repeats import Repeats, repeats
from nntrain.data.schema import Schema
from nntrain.data.table_rows import TableRows

__all__ = ["Inspection", "inspect"]

# A class that has this many times fewer rows than another is told.
IMBALANCE = 10

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
    prepared = load(options, seed)
    groups = groups_of(options, None)
    whole = groups["train"]
    cut = cut_of(groups, options, seed, None)
    columns: list[ColumnFacts] = []
    if isinstance(whole, TableRows) and isinstance(prepared.schema, Schema):
        columns = facts_of_table(whole.table.sample(), cut.train, prepared.schema, options)
    elif isinstance(whole, ArrayRows):
        columns = facts_of_arrays(whole, prepared.schema.target)
    parts = parts_of(prepared)
    same = repeats(parts)
    balance = balance_of(prepared.schema.target, parts)
    # Rows of the file are known where the parts were cut from it, and no row without a target was left out before.
    cuts = {} if whole.notes else {"train": cut.train, "validation": cut.validation, "test": cut.test}
    told = [
        *(fact.giveaway for fact in columns if fact.giveaway),
        *(repeated(found, cuts.get(found.first), cuts.get(found.second)) for found in same),
    ]
    if isinstance(prepared.schema.target, ClassTarget):
        told += unbalanced(balance)
    return Inspection(prepared, columns, balance, same, told)


def parts_of(prepared: Prepared) -> dict[str, Part]:
    """The parts that there are, by name."""
    parts = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}
    return {name: part for name, part in parts.items() if part is not None}


def balance_of(target: Any, parts: Mapping[str, Part]) -> Balance:
    """What the targets of each part are."""
    answers = {name: part.targets for name, part in parts.items() if part.targets is not None}
    if isinstance(target, ClassTarget):
        counts = {name: np.bincount(t.reshape(-1), minlength=len(target.labels)) for name, t in answers.items()}
        return {
            label: {name: int(count[code]) for name, count in counts.items()}
            for code, label in enumerate(target.labels)
        }
    assert isinstance(target, NumberTarget)
    values = {name: target.decode(t) for name, t in answers.items()}
    measures: dict[str, Callable[[Array], Any]] = {
        "mean": np.mean,
        "deviation": np.std,
        "least": np.min,
        "most": np.max,
    }
    return {what: {name: float(measure(v)) for name, v in values.items()} for what, measure in measures.items()}


def repeated(found: Repeats, first: Array | None, second: Array | None) -> str:
    """What to say of rows in two parts, which are those rows of the file."""
    example = f"row {found.second_row + 1} of it is row {found.first_row + 1} there"
    if first is not None and second is not None and len(first) > found.first_row and len(second) > found.second_row:
        example = f"row {second[found.second_row] + 1} of the file is the same as row {first[found.first_row] + 1}"
    return (
        f"{found.count:,} rows of the {found.second} part are in the {found.first} part too ({example}), which "
        "flatters the scores; if they are copies, take them out of the file or keep them together in one part"
    )


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
            f"class {rare!r} has {sizes[rare]:,} training rows and {common!r} {sizes[common]:,}: always guessing the "
            f"second scores an accuracy of {sizes[common] / sum(sizes.values()):.1%}"
        )
    return told
