"""What there is to know about a column before training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream
from nntrain.data.checks.identifiers import explain_identifier
from nntrain.data.checks.leakage import explain_leakage
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import explain_uselessness
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.dims import Dims
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.parsing.number_format import parse_float
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.table_stream import TableStream
from nntrain.data.tables.value_stream import MAX_VALUES, ValueStream
from nntrain.data.targets.target import Target, TaskType
from nntrain.formatting import escape_line

__all__ = ["ColumnFacts", "describe_arrays", "describe_table"]

TYPE_NAMES = {"number": "number", "text": "category", "boolean": "boolean", "time": "time"}
PLURALS = {"number": "numbers", "boolean": "true or false", "time": "dates or times"}

ColumnRole = Literal["target", "weight", "input", "split", "left out", "ignored"]


@dataclass(frozen=True)
class ColumnFacts:
    """A column: what it is taken for and why, what is in all of its rows, and what the network gets of it.

    ``constant``, ``id``, ``giveaway``: why the training rows of it look like that, in a sentence; None if they do not.
    """

    name: str
    role: ColumnRole
    type: str
    why: str
    missing: int
    distinct: int | None
    becomes: str
    constant: str | None = None
    id: str | None = None
    giveaway: str | None = None

    @property
    def warning(self) -> str:
        """What is wrong with it, in a few words on one line; nothing if nothing is."""
        found = self.constant or self.id or ("it leaks the target" if self.giveaway else "")
        return escape_line(found.partition("; keep it")[0])

    @property
    def remark(self) -> str:
        """Why it has its type, and what is wrong with it, on one line."""
        return "; ".join(filter(None, (escape_line(self.why), self.warning)))


def describe_table(
    table: TableStream, train: Array, preprocessor: Preprocessor, options: DataOptions
) -> list[ColumnFacts]:
    """The facts of every column, in the order of the file. ``train``: the training rows."""
    file = DataFile.open(Path(table.path))
    stored = {} if file.format == "converted" else open_scan(file, options.file).types
    training = table.take(train)
    sample = training.read_sample()
    target = preprocessor.target
    answers = target.encode(*(sample.columns[name] for name in target.names))
    inputs = {column.name: column for column in preprocessor.columns}
    given = {name: explain_leakage(sample.columns[name], target, answers) for name in inputs}
    return [
        describe_column(raw, training.columns[name], stored.get(name, ""), inputs.get(name), target, options, given)
        for name, raw in table.columns.items()
    ]


def describe_column(
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
    role = get_role(raw.name, column, target, options)
    judged = role in ("input", "left out")
    reason = explain_uselessness(training, declared) if judged else None
    named = explain_identifier(training, ColumnStatistics.compute(training)) if judged else None
    return ColumnFacts(
        name=raw.name,
        role=role,
        type="text" if isinstance(column, TextColumn) else TYPE_NAMES[column.kind if column is not None else raw.kind],
        why=explain_type(raw, stored, declared, column, ignored=role == "ignored"),
        missing=sum(int(chunk.missing.sum()) for chunk in raw.iterate_chunks()),
        distinct=count_distinct(raw),
        becomes=describe_encoding(column, target if role == "target" else None),
        constant=reason if named is None else None,
        id=named,
        giveaway=given.get(raw.name),
    )


def get_role(name: str, column: Column | None, target: Target, options: DataOptions) -> ColumnRole:
    """What a column is for."""
    if name in target.names:
        return "target"
    if name == options.sample_weight:
        return "weight"
    if column is not None:
        return "input"
    if name == options.split_column:
        return "split"
    declared = options.columns.get(name, ColumnOptions())
    return "ignored" if name in options.ignore or declared.type == "ignore" else "left out"


def count_distinct(raw: ValueStream) -> int | None:
    """How many different values there are; None if they are too many to keep."""
    if raw.kind == "number" or raw.kind == "boolean":
        return raw.count_distinct()
    counts = raw.to_text().count_values()
    return None if counts is None else len(counts) - (None in counts)


def explain_type(
    raw: ValueStream, stored: str, declared: ColumnOptions, column: Column | None, *, ignored: bool
) -> str:
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
        words = (value for chunk in raw.iterate_chunks() for value in chunk.values if value is not None)
        word = next((value for value in words if parse_float(value) is None), None)
        return "digits, not quantities" if word is None else f"not a number: {word!r}"
    known = sum(int((~chunk.missing).sum()) for chunk in raw.iterate_chunks())
    return f"all {known:,} values are {PLURALS[raw.kind]}" if known else "it has no value"


def describe_encoding(column: Column | None, target: Target | None) -> str:
    """What the network gets of a column, or is to give for it."""
    if target is not None:
        return describe_output(target.task, 1 if len(target.names) > 1 else len(target.labels))
    if column is None:
        return "-"
    if isinstance(column, TextColumn):
        return f"{column.size:,} words and pairs"
    if isinstance(column, IndexColumn):
        return f"a code of {column.size}"
    return f"{column.width} input{'s' if column.width > 1 else ''}"


def describe_output(task: TaskType, count: int) -> str:
    """What the network is to give for a column of the target: so many of what the task asks for."""
    if task == "classification":
        return f"{count} classes"
    what = "number" if task == "regression" else "label"
    return f"a {what}" if count == 1 else f"{count} {what}s"


def describe_arrays(inputs: ArrayStream, targets: Array | None, dims: Dims | None, target: Target) -> list[ColumnFacts]:
    """Return the facts of the inputs and of the targets of an HDF5 file."""
    dtype = inputs.dtype
    scaled = "divided by 255, as the numbers of an image" if dtype == np.uint8 else "standardised"
    axes = f", {dims}" if dims else ""
    shape = "×".join(map(str, inputs.shape[1:]))
    same = find_constant_features(inputs)
    flat = int(same.sum())
    constant = f"{flat} of {same.size} numbers are the same in every row" if flat else None
    facts = ColumnFacts(
        *(
            "inputs",
            "input",
            f"array {shape}{axes}",
            f"stored as {dtype}; {scaled}",
            0,
            count_distinct_numbers(inputs),
        ),
        becomes=f"{same.size} inputs",
        constant=constant,
    )
    if targets is None:
        return [facts]
    kind = "number" if target.task == "regression" else "category"
    stored = f"stored as {targets.dtype}"
    different = len(np.unique(targets))
    given = describe_output(target.task, len(target.labels))
    return [facts, ColumnFacts("targets", "target", kind, stored, 0, different, given)]


def find_constant_features(inputs: ArrayStream) -> Array:
    """Which numbers of a row are the same in every row: bool (k,)."""
    first: Array | None = None
    same = np.ones(1, bool)
    for chunk in inputs.iterate_chunks():
        x = chunk.reshape(len(chunk), -1)
        first = x[0].copy() if first is None else first
        same = same & (x == first).all(axis=0)
    return same


def count_distinct_numbers(inputs: ArrayStream) -> int | None:
    """How many different numbers there are; None if they are too many to keep while rows come in pieces."""
    found = np.empty(0, inputs.dtype)
    for chunk in inputs.iterate_chunks():
        found = np.union1d(found, chunk)
        if inputs.is_streamed and len(found) > MAX_VALUES:
            return None
    return len(found)
