"""The typed columns of a table in an HDF5 file, as ``nntrain convert`` writes it.

A group for each column, with its ``name`` and ``kind`` as attributes, in the order of the table, holds
    number: ``values`` float64, NaN where missing;
    boolean: ``values`` int8, −1 where missing;
    time: ``values`` int64, microseconds since 1970, the least integer where missing;
    text: ``codes`` int32, −1 where missing, and the ``labels`` that they count; or, where there are very many,
        ``texts``, the empty one where missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nntrain.data.advice import taking_for
from nntrain.data.array import Array
from nntrain.data.data_options import DataOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.errors import DataError, NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.guard import attribute, check_dataset, objects
from nntrain.hdf5.opened import Problem, damaged, is_marked, opened
from nntrain.hdf5.sink import Sink
from nntrain.hdf5.texts import check_texts, read_texts

if TYPE_CHECKING:
    import h5py

__all__ = ["TableFile", "is_table_file", "recorded", "write_table"]

FORMAT = "nntrain table"
VERSION = 1

# Values that are compressed together.
CHUNK = 2**16

# What a file says about how it is to be used, where a run says nothing.
RECORDED = (
    "target",
    "separator",
    "positive",
    "target_transform",
    "target_range",
    "weight",
    "task",
    "ignore",
    "one_hot_limit",
    "text_features",
)

SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The kinds of columns, with the kinds of numbers that their values are; and the datasets of those of texts.
VALUES: dict[str, str] = {"number": "f", "boolean": "i", "time": "i", "text": ""}
TEXTS = {"codes": "i", "labels": "O", "texts": "O"}


class TableFile:
    """A table in an open file, of which blocks of rows are read. DataError for one that is damaged."""

    formats: Mapping[str, ColumnFormat] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def __init__(self, path: str, file: h5py.File, known: Mapping[str, ColumnFormat]) -> None:
        self.path = path
        self.size = file.id.get_filesize()
        self.known = known
        if attribute(file, "version", self.problem) > VERSION:
            raise DataError(f"{path}: written by a newer nntrain; convert the data again, or update")
        self.rows = int(attribute(file, "rows", self.problem))
        groups = [item for place, item in objects(file, self.problem) if place.count("/") == 2]
        self.groups = {self._said(group, "name"): group for group in sorted(groups, key=number_of)}
        self.kinds = {name: self._kind(name) for name in self.groups}
        for group in groups:
            self._check(group)

    @classmethod
    @contextmanager
    def opened(cls, path: Path, known: Mapping[str, ColumnFormat] | None = None) -> Iterator[TableFile]:
        """Open a file; ``known``: the formats that some columns are to be read in, of which only the kind counts."""
        problem = problem_of(path)
        with opened(path, problem) as file:
            with damaged(problem):
                table = cls(str(path), file, known or {})
            yield table

    def problem(self, what: str) -> NntrainError:
        """The error that says so."""
        return problem_of(self.path)(what)

    def block(self, names: Sequence[str], begin: int, end: int) -> Table:
        """Some columns of the rows from ``begin`` to before ``end``."""
        columns = {}
        budget = Budget(self.size, self.problem)
        with damaged(self.problem):
            for name in names:
                group = self.groups[name]
                raw = RawColumn(name, self._said(group, "kind"), self._values(group, begin, end, budget))
                columns[name] = raw.as_text() if self.kinds[name] == "text" else raw
        return Table(self.path, columns, min(end, self.rows) - begin)

    def _said(self, group: h5py.Group, name: str) -> Any:
        told = attribute(group, name, self.problem)
        if not isinstance(told, str):
            raise self.problem(f"{group.name}: {name}: expected a text, got {told!r}")
        return told

    def _kind(self, name: str) -> Kind:
        stored, wanted = self._said(self.groups[name], "kind"), self.known.get(name, ColumnFormat()).kind
        if stored not in VALUES:
            raise self.problem(f"column {name!r} is of kind {stored!r}, which there is not")
        if wanted not in (None, stored, "text"):
            raise DataError(
                f"{self.path}: column {name!r} holds values of kind {stored}, expected {wanted}; "
                f"convert the data again with {taking_for(name, wanted)}"
            )
        return cast(Kind, wanted or stored)

    def _check(self, group: h5py.Group) -> None:
        """The values of a column must be what its kind has, and as many as the rows."""
        for name, dataset in group.items():
            check_dataset(dataset, self.problem)
            if name != "labels" and dataset.shape != (self.rows,):
                raise self.problem(
                    f"{dataset.name}: expected a value for each of {self.rows} rows, got {dataset.shape}"
                )
            if dataset.dtype.kind not in (VALUES[self._said(group, "kind")] if name == "values" else TEXTS[name]):
                raise self.problem(f"{dataset.name}: holds {dataset.dtype}, which is not what such a column is of")

    def _values(self, group: h5py.Group, begin: int, end: int, budget: Budget) -> Array:
        """Values as a ``RawColumn`` has them."""
        kind = self._said(group, "kind")
        if kind == "number":
            return group["values"][begin:end]
        if kind == "boolean":
            flags = group["values"][begin:end].astype(np.float64)
            return np.where(flags < 0, np.nan, flags)
        if kind == "time":
            return group["values"][begin:end].astype("M8[us]")
        if "codes" not in group:
            texts = read_texts(group["texts"], self.problem, begin, end, budget)
            return np.array([text or None for text in texts], object)
        labels = np.array([*read_texts(group["labels"], self.problem, budget=budget), None], object)
        codes = group["codes"][begin:end]
        if len(codes) and not -1 <= codes.min() <= codes.max() < len(labels) - 1:
            raise self.problem(f"{group.name}: has codes for which there is no label")
        return labels[codes]


def problem_of(path: Path | str) -> Problem:
    """What makes the error of a file."""
    return lambda what: DataError(f"{path}: {what}; convert the data again")


def is_table_file(path: Path) -> bool:
    """Whether ``nntrain convert`` wrote the file."""
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        if opened.read(len(SIGNATURE)) != SIGNATURE:
            return False
    return is_marked(path, FORMAT)


def write_table(path: Path, table: StreamedTable, options: DataOptions) -> None:
    """Write a table, and what ``options`` say of it. Texts are kept by code, unless there are very many."""
    import h5py

    said = {name: value for name, value in asdict(options).items() if name in RECORDED}
    columns = {name: asdict(column) for name, column in options.columns.items()}
    with Sink(path) as sink, h5py.File(sink, "w") as file:
        file.attrs.update({"format": FORMAT, "version": VERSION, "rows": table.rows})
        file.attrs["options"] = json.dumps({**said, "columns": columns})
        for number, column in enumerate(table.columns.values()):
            check_texts([column.name], "the name of a column")
            group = file.create_group(f"columns/{number}")
            group.attrs.update({"name": column.name, "kind": column.kind})
            write_column(group, column, sink.between(column.chunks()), table.rows)


def write_column(group: h5py.Group, column: StreamedColumn, chunks: Iterator[RawColumn], rows: int) -> None:
    """The values of one column, piece by piece."""
    import h5py

    name, dtype = {"number": ("values", "f8"), "boolean": ("values", "i1"), "time": ("values", "i8")}.get(
        column.kind, ("texts", h5py.string_dtype())
    )
    codes: dict[str | None, int] = {}
    if column.kind == "text" and (counts := column.counts()) is not None:
        name, dtype = "codes", "i4"
        labels = sorted(label for label in counts if label is not None)
        check_texts(labels, f"column {column.name!r}")
        codes = {None: -1} | {label: code for code, label in enumerate(labels)}
        group.create_dataset("labels", data=labels, dtype=h5py.string_dtype())
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    dataset = group.create_dataset(name, (rows,), dtype, chunks=(min(CHUNK, rows),), **packing)
    begin = 0
    for chunk in chunks:
        dataset[begin : begin + len(chunk.values)] = stored(chunk, codes)
        begin += len(chunk.values)


def stored(raw: RawColumn, codes: Mapping[str | None, int]) -> Array:
    """Values as the file keeps them."""
    if raw.kind == "boolean":
        return np.where(raw.missing, -1, raw.values)
    if raw.kind == "time":
        return raw.values.astype("M8[us]").astype(np.int64)
    if raw.kind == "text" and codes:
        return np.fromiter((codes[value] for value in raw.values), np.int32, len(raw.values))
    if raw.kind == "text":
        check_texts(raw.values, f"column {raw.name!r}")
        return np.array(["" if value is None else value for value in raw.values])
    return raw.values


def recorded(path: Path) -> dict[str, Any]:
    """What the file says of itself, as the keys of ``[data]``, unchecked. Other files say nothing."""
    if not is_table_file(path):
        return {}
    problem = problem_of(path)
    with opened(path, problem) as file, damaged(problem):
        told = json.loads(attribute(file, "options", problem))
        return {name: told[name] for name in (*RECORDED, "columns") if name in told}


def number_of(group: h5py.Group) -> int:
    return int(group.name.rpartition("/")[2])
