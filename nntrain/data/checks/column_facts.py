"""Facts about columns, before training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream, MemoryArray
from nntrain.data.checks.identifiers import explain_identifier
from nntrain.data.checks.leakage import find_leakage
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.column_types import explain_uselessness
from nntrain.data.columns.free_text import iterate_known_values
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.parsing.number_format import parse_float
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.tables.column_statistics import ColumnStatistics, count_distinct
from nntrain.data.tables.data_table import TableStream
from nntrain.data.tables.raw_column import KIND_PLURALS, MAX_VALUES, ValueStream, count_distinct_numbers
from nntrain.data.targets.target import Target, TaskType
from nntrain.formatting import escape_line

TYPE_NAMES = {"number": "number", "text": "category", "boolean": "boolean", "time": "time"}

ColumnRole = Literal["target", "weight", "input", "split", "excluded", "ignored"]


@dataclass(frozen=True)
class ColumnFacts:
    """A column: its type and the reason, its values in all rows, and its encoding.

    ``constant``, ``id``, ``leakage``: the reason, as a sentence, if its training rows look like that; else None.
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
    leakage: str | None = None

    @property
    def warning(self) -> str:
        """The problem with it, in one line; empty if there is none."""
        problem = self.constant or self.id or ("it leaks the target" if self.leakage else "")
        return escape_line(problem.partition("; keep it")[0])

    @property
    def remark(self) -> str:
        """The reason for its type, and the problem with it, in one line."""
        return "; ".join(filter(None, (escape_line(self.why), self.warning)))


def describe_table(
    table: TableStream, train: Array, preprocessor: Preprocessor, options: DataOptions
) -> list[ColumnFacts]:
    """Return the facts of every column, in the order of the file. ``train``: the training rows."""
    file = DataFile.open(Path(table.path))
    stored = {} if file.format == "converted" else open_scan(file, options.file).types
    training, target = table.take(train), preprocessor.target
    inputs = {column.name: column for column in preprocessor.columns}
    leaks = find_leakage(training.read_sample(), preprocessor.columns, target)
    facts = []
    for name, raw in table.columns.items():
        column, known, declared = inputs.get(name), training.columns[name], options.columns.get(name, ColumnOptions())
        role = get_role(name, column, target, options)
        is_candidate = role in ("input", "excluded")
        reason = explain_uselessness(known, declared) if is_candidate else None
        identifier = explain_identifier(known, ColumnStatistics.compute(known)) if is_candidate else None
        kind = "text" if isinstance(column, TextColumn) else TYPE_NAMES[column.kind if column is not None else raw.kind]
        found = ColumnFacts(
            name=name,
            role=role,
            type=kind,
            why=explain_type(raw, stored.get(name, ""), declared, column, ignored=role == "ignored"),
            missing=sum(int(chunk.missing.sum()) for chunk in raw.iterate_chunks()),
            distinct=count_distinct(raw),
            becomes=describe_encoding(column, target if role == "target" else None),
            constant=reason if identifier is None else None,
            id=identifier,
            leakage=leaks.get(name),
        )
        facts.append(found)
    return facts


def get_role(name: str, column: Column | None, target: Target, options: DataOptions) -> ColumnRole:
    """Return the role of a column."""
    if name in target.names:
        return "target"
    if name == options.sample_weight:
        return "weight"
    if column is not None:
        return "input"
    if name == options.split_column:
        return "split"
    declared = options.columns.get(name, ColumnOptions())
    return "ignored" if name in options.ignore or declared.type == "ignore" else "excluded"


def explain_type(
    raw: ValueStream, stored: str, declared: ColumnOptions, column: Column | None, *, ignored: bool
) -> str:
    """Return the reason for the type of a column."""
    if declared != ColumnOptions():
        return "declared in data.columns"
    if ignored:
        return "declared in data.ignore"
    if isinstance(column, TextColumn):
        return "several words per value, mostly distinct values"
    if stored not in ("", "VARCHAR", "JSON"):
        return f"stored as {stored}"
    if raw.kind == "text":
        word = next((value for value in iterate_known_values(raw) if parse_float(value) is None), None)
        return "digits, not quantities" if word is None else f"not a number: {word!r}"
    known = sum(int((~chunk.missing).sum()) for chunk in raw.iterate_chunks())
    return f"all {known:,} values are {KIND_PLURALS[raw.kind]}" if known else "it has no value"


def describe_encoding(column: Column | None, target: Target | None) -> str:
    """Return the inputs that a column becomes, or the outputs for a target."""
    if target is not None:
        return describe_output(target.task, 1 if len(target.names) > 1 else len(target.labels))
    if column is None:
        return "-"
    if isinstance(column, TextColumn):
        return f"{column.size:,} words and pairs"
    rare = f", {len(column.rare):,} rare as one" if isinstance(column, CategoryColumn) and column.rare else ""
    if isinstance(column, IndexColumn):
        return f"index of {column.size:,}{rare}"
    return f"{column.width} input{'s' if column.width > 1 else ''}{rare}"


def describe_output(task: TaskType, count: int) -> str:
    """Return the number of classes, numbers or labels to predict for a target column."""
    noun = {"classification": "class", "regression": "number", "multilabel": "label"}[task]
    return f"{count} {noun}{'' if count == 1 else 'es' if task == 'classification' else 's'}"


def describe_arrays(rows: RawArrayDataset, target: Target) -> list[ColumnFacts]:
    """Return the facts of the inputs and of the targets of an HDF5 file."""
    inputs, targets = rows.inputs, rows.targets
    assert targets is not None
    scaled = "divided by 255, like image pixels" if inputs.dtype == np.uint8 else "standardized"
    axes = f", {rows.dims}" if rows.dims else ""
    shape = "×".join(map(str, inputs.shape[1:]))
    limit = np.inf if isinstance(inputs, MemoryArray) else MAX_VALUES
    is_constant = find_constant_features(inputs)
    count = int(is_constant.sum())
    facts = ColumnFacts(
        name="inputs",
        role="input",
        type=f"array {shape}{axes}",
        why=f"stored as {inputs.dtype}; {scaled}",
        missing=0,
        distinct=count_distinct_numbers(inputs.iterate_chunks(), limit),
        becomes=f"{is_constant.size} inputs",
        constant=f"{count} of {is_constant.size} inputs are constant" if count else None,
    )
    type_ = "number" if target.task == "regression" else "category"
    output = describe_output(target.task, len(target.labels))
    why = f"stored as {targets.dtype}"
    return [facts, ColumnFacts("targets", "target", type_, why, 0, len(np.unique(targets)), output)]


def find_constant_features(inputs: ArrayStream) -> Array:
    """Return which numbers of a row are the same in every row: bool (k,)."""
    first: Array | None = None
    is_constant = np.ones(1, bool)
    for chunk in inputs.iterate_chunks():
        x = chunk.reshape(len(chunk), -1)
        first = x[0].copy() if first is None else first
        is_constant = is_constant & (x == first).all(axis=0)
    return is_constant
