"""What there is to know about a column before training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_rows import ArrayRows
from nntrain.data.array_schema import chunks_of
from nntrain.data.column_options import ColumnOptions
from nntrain.data.columns.column import Column
from nntrain.data.columns.fit_column import useless
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.data_options import DataOptions
from nntrain.data.extent import Extent
from nntrain.data.giveaway import giveaway
from nntrain.data.identifier import looks_like_an_id
from nntrain.data.schema import Schema
from nntrain.data.streaming.streamed_array import StreamedArray
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.data.table_source import scan_of
from nntrain.data.target import Target, Task
from nntrain.data.value_stream import MOST_VALUES, ValueStream
from nntrain.visible import one_line

__all__ = ["ColumnFacts", "facts_of_arrays", "facts_of_table"]

TYPES = {"number": "number", "text": "category", "boolean": "boolean", "time": "time"}
PLURALS = {"number": "numbers", "boolean": "true or false", "time": "dates or times"}

Role = Literal["target", "weight", "input", "split", "left out", "ignored"]


@dataclass(frozen=True)
class ColumnFacts:
    """A column: what it is taken for and why, what is in all of its rows, and what the network gets of it.

    ``constant``, ``id``, ``giveaway``: why the training rows of it look like that, in a sentence; None if they do not.
    """

    name: str
    role: Role
    type: str
    why: str
    missing: int
    distinct: int | None
    becomes: str
    constant: str | None = None
    id: str | None = None
    giveaway: str | None = None

    @property
    def suspicion(self) -> str:
        """What is wrong with it, in a few words on one line; nothing if nothing is."""
        found = self.constant or self.id or ("it leaks the target" if self.giveaway else "")
        return one_line(found.partition("; keep it")[0])

    @property
    def remark(self) -> str:
        """Why it has its type, and what is wrong with it, on one line."""
        return "; ".join(filter(None, (one_line(self.why), self.suspicion)))


def facts_of_table(
    table: Table | StreamedTable, train: Array, schema: Schema, options: DataOptions
) -> list[ColumnFacts]:
    """The facts of every column, in the order of the file. ``train``: the training rows."""
    stored = scan_of(Path(table.path), options.file).types
    training = table.take(train)
    sample = training.sample()
    answers = schema.encode_target(sample)
    inputs = {column.name: column for column in schema.columns}
    given = {name: giveaway(sample.columns[name], schema.target, answers) for name in inputs}
    return [
        facts(raw, training.columns[name], stored.get(name, ""), inputs.get(name), schema.target, options, given)
        for name, raw in table.columns.items()
    ]


def facts(
    raw: ValueStream,
    training: ValueStream,
    stored: str,
    column: Column | None,
    target: Target,
    options: DataOptions,
    given: Mapping[str, str | None],
) -> ColumnFacts:
    """The facts of one column of a table."""
    declared = options.columns.get(raw.name, ColumnOptions())
    role = role_of(raw.name, column, target, options)
    judged = role in ("input", "left out")
    reason = useless(training, declared) if judged else None
    named = looks_like_an_id(training, Extent.of(training)) if judged else None
    return ColumnFacts(
        name=raw.name,
        role=role,
        type="text" if isinstance(column, TextColumn) else TYPES[column.kind if column is not None else raw.kind],
        why=why(raw, stored, declared, column, ignored=role == "ignored"),
        missing=sum(int(chunk.missing.sum()) for chunk in raw.chunks()),
        distinct=distinct(raw),
        becomes=becomes(column, target if role == "target" else None),
        constant=reason if named is None else None,
        id=named,
        giveaway=given.get(raw.name),
    )


def role_of(name: str, column: Column | None, target: Target, options: DataOptions) -> Role:
    """What a column is for."""
    if name in target.names:
        return "target"
    if name == options.weight:
        return "weight"
    if column is not None:
        return "input"
    if name == options.split_column:
        return "split"
    declared = options.columns.get(name, ColumnOptions())
    return "ignored" if name in options.ignore or declared.type == "ignore" else "left out"


def distinct(raw: ValueStream) -> int | None:
    """How many different values there are; None if they are too many to keep."""
    if raw.kind == "number" or raw.kind == "boolean":
        return raw.distinct()
    counts = raw.as_text().counts()
    return None if counts is None else len(counts) - (None in counts)


def why(raw: ValueStream, stored: str, declared: ColumnOptions, column: Column | None, *, ignored: bool) -> str:
    """What a column was taken for its type by."""
    if declared != ColumnOptions():
        return "declared in data.columns"
    if ignored:
        return "declared in data.ignore"
    if isinstance(column, TextColumn):
        return "several words in a value, and most values differ"
    if stored not in ("", "VARCHAR", "JSON"):
        return f"stored as {stored}"
    if raw.kind == "text":
        words = (value for chunk in raw.chunks() for value in chunk.values if value is not None)
        word = next((value for value in words if not is_number(value)), None)
        return "digits, not quantities" if word is None else f"not a number: {word!r}"
    known = sum(int((~chunk.missing).sum()) for chunk in raw.chunks())
    return f"all {known:,} values are {PLURALS[raw.kind]}" if known else "it has no value"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def becomes(column: Column | None, target: Target | None) -> str:
    """What the network gets of a column, or is to give for it."""
    if target is not None:
        return given_for(target.task, 1 if len(target.names) > 1 else len(target.labels))
    if column is None:
        return "-"
    if isinstance(column, TextColumn):
        return f"{column.size:,} words and pairs"
    if isinstance(column, IndexColumn):
        return f"a code of {column.size}"
    return f"{column.width} input{'s' if column.width > 1 else ''}"


def given_for(task: Task, count: int) -> str:
    """What the network is to give for a column of the target: so many of what the task asks for."""
    if task == "classification":
        return f"{count} classes"
    what = "number" if task == "regression" else "label"
    return f"a {what}" if count == 1 else f"{count} {what}s"


def facts_of_arrays(rows: ArrayRows, target: Target) -> list[ColumnFacts]:
    """The facts of the inputs and of the targets of an HDF5 file."""
    dtype = rows.inputs.dtype
    scaled = "divided by 255, as the numbers of an image" if dtype == np.uint8 else "standardised"
    axes = f", {rows.dims}" if rows.dims else ""
    shape = "×".join(map(str, rows.inputs.shape[1:])) or "1"
    same = same_in_all(rows.inputs)
    flat = int(same.sum())
    constant = f"{flat} of {same.size} numbers are the same in every row" if flat else None
    inputs = ColumnFacts(
        *("inputs", "input", f"array {shape}{axes}", f"stored as {dtype}; {scaled}", 0, different_in(rows.inputs)),
        becomes=f"{same.size} inputs",
        constant=constant,
    )
    if rows.targets is None:
        return [inputs]
    kind = "number" if target.task == "regression" else "category"
    stored = f"stored as {rows.targets.dtype}"
    different = len(np.unique(rows.targets))
    given = given_for(target.task, len(target.labels))
    return [inputs, ColumnFacts("targets", "target", kind, stored, 0, different, given)]


def same_in_all(inputs: Array | StreamedArray) -> Array:
    """Which numbers of a row are the same in every row: bool (k,)."""
    first: Array | None = None
    same = np.ones(1, bool)
    for chunk in chunks_of(inputs):
        x = chunk.reshape(len(chunk), -1)
        first = x[0].copy() if first is None else first
        same = same & (x == first).all(axis=0)
    return same


def different_in(inputs: Array | StreamedArray) -> int | None:
    """How many different numbers there are; None if they are too many to keep while rows come in pieces."""
    found = np.empty(0, inputs.dtype)
    for chunk in chunks_of(inputs):
        found = np.union1d(found, chunk)
        if isinstance(inputs, StreamedArray) and len(found) > MOST_VALUES:
            return None
    return len(found)
