"""The typed columns of a table in an HDF5 file, as ``nntrain convert`` writes it.

A group for each column, with its ``name`` and ``kind`` as attributes, in the order of the table, holds
    number: ``values`` float64, NaN where missing;
    boolean: ``values`` int8, −1 where missing;
    time: ``values`` int64, microseconds since 1970, the least integer where missing;
    text: ``codes`` int32, −1 where missing, and the ``labels`` that they count; or, where there are very many,
        ``texts``, the empty one where missing.

``contents`` has the checksums of the blocks of each dataset, and the attributes once more. Files of older versions have
none, and are read as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.option_suggestions import suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.streaming.checksummed_array import ChecksummedArray
from nntrain.data.streaming.file_contents import CHECKSUM_NAME, CONTENTS_NAME, read_contents
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError, NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.object_checks import check_dataset, iterate_objects, read_attribute
from nntrain.hdf5.opening import ErrorFactory, has_format, open_hdf5_file, translate_errors
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py

__all__ = [
    "CHUNK_ROWS",
    "RECORDED_OPTIONS",
    "TABLE_FORMAT",
    "VERSION",
    "TableFile",
    "is_table_file",
    "read_attributes",
    "read_file_options",
]

TABLE_FORMAT = "nntrain table"
VERSION = 1

# Values that are compressed together, and have one checksum.
CHUNK_ROWS = 2**16

# What a file says about how it is to be used, where a run says nothing.
RECORDED_OPTIONS = (
    "target",
    "label_separator",
    "positive",
    "target_transform",
    "target_range",
    "sample_weight",
    "task",
    "ignore",
    "one_hot_limit",
    "text_features",
)

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The kinds of columns, with the kinds of numbers that their values are; and the datasets of those of texts.
VALUE_DTYPE_KINDS: dict[str, str] = {"number": "f", "boolean": "i", "time": "i", "text": ""}
TEXT_DTYPE_KINDS = {"codes": "i", "labels": "O", "texts": "O"}


class TableFile:
    """A table in an open file, of which blocks of rows are read. DataError for one that is damaged."""

    formats: Mapping[str, ColumnFormat] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def __init__(self, path: str, file: h5py.File, known: Mapping[str, ColumnFormat]) -> None:
        self.path = path
        self.size = file.id.get_filesize()
        self.known = known
        if read_attribute(file, "version", self.problem) > VERSION:
            raise DataError(f"{path}: written by a newer nntrain; convert the data again, or update")
        self.rows = int(read_attribute(file, "rows", self.problem))
        groups = [item for place, item in iterate_objects(file, self.problem) if place.count("/") == 2]
        self.groups = {self._said(group, "name"): group for group in sorted(groups, key=get_column_number)}
        self.kinds = {name: self._kind(name) for name in self.groups}
        for group in groups:
            self._check(group)
        self._checked = open_checksummed_arrays(file, self.problem)

    @classmethod
    @contextmanager
    def opened(cls, path: Path, known: Mapping[str, ColumnFormat] | None = None) -> Iterator[TableFile]:
        """Open a file; ``known``: the formats that some columns are to be read in, of which only the kind counts."""
        problem = build_error_factory(path)
        with open_hdf5_file(path, problem) as file:
            with translate_errors(problem):
                table = cls(str(path), file, known or {})
            yield table

    def problem(self, what: str) -> NntrainError:
        """The error that says so."""
        return build_error_factory(self.path)(what)

    def step_bytes(self, names: Sequence[str]) -> int:
        """0: texts are in the file as often as they differ."""
        return 0

    def block(self, names: Sequence[str], begin: int, end: int) -> DataTable:
        """Some columns of the rows from ``begin`` to before ``end``."""
        columns = {}
        budget = Budget(self.size, self.problem)
        with translate_errors(self.problem):
            for name in names:
                group = self.groups[name]
                raw = RawColumn(name, self._said(group, "kind"), self._values(group, begin, end, budget))
                columns[name] = raw.as_text() if self.kinds[name] == "text" else raw
        return DataTable(self.path, columns, min(end, self.rows) - begin)

    def _said(self, group: h5py.Group, name: str) -> Any:
        told = read_attribute(group, name, self.problem)
        if not isinstance(told, str):
            raise self.problem(f"{group.name}: {name}: expected a text, got {told!r}")
        return told

    def _kind(self, name: str) -> ValueKind:
        stored, wanted = self._said(self.groups[name], "kind"), self.known.get(name, ColumnFormat()).kind
        if stored not in VALUE_DTYPE_KINDS:
            raise self.problem(f"column {name!r} is of kind {stored!r}, which there is not")
        if wanted not in (None, stored, "text"):
            raise DataError(
                f"{self.path}: column {name!r} holds values of kind {stored}, expected {wanted}; "
                f"convert the data again with {suggest_type(name, wanted)}"
            )
        return cast(ValueKind, wanted or stored)

    def _check(self, group: h5py.Group) -> None:
        """The values of a column must be what its kind has, and as many as the rows."""
        for name, dataset in group.items():
            check_dataset(dataset, self.problem)
            if name != "labels" and dataset.shape != (self.rows,):
                raise self.problem(
                    f"{dataset.name}: expected a value for each of {self.rows} rows, got {dataset.shape}"
                )
            if dataset.dtype.kind not in (
                VALUE_DTYPE_KINDS[self._said(group, "kind")] if name == "values" else TEXT_DTYPE_KINDS[name]
            ):
                raise self.problem(f"{dataset.name}: holds {dataset.dtype}, which is not what such a column is of")

    def _values(self, group: h5py.Group, begin: int, end: int, budget: Budget) -> Array:
        """Values as a ``RawColumn`` has them."""
        kind = self._said(group, "kind")
        if kind == "number":
            return self._rows(group["values"], begin, end, budget)
        if kind == "boolean":
            flags = self._rows(group["values"], begin, end, budget).astype(np.float64)
            return np.where(flags < 0, np.nan, flags)
        if kind == "time":
            return self._rows(group["values"], begin, end, budget).astype("M8[us]")
        if "codes" not in group:
            texts = self._rows(group["texts"], begin, end, budget)
            return np.array([text or None for text in texts], object)
        labels = np.array([*self._rows(group["labels"], 0, len(group["labels"]), budget), None], object)
        codes = self._rows(group["codes"], begin, end, budget)
        if len(codes) and not -1 <= codes.min() <= codes.max() < len(labels) - 1:
            raise self.problem(f"{group.name}: has codes for which there is no label")
        return labels[codes]

    def _rows(self, dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Array:
        """Rows of a dataset, whose checksums are compared if it has some."""
        if self._checked is not None:
            return self._checked[dataset.name].rows(begin, end, budget)
        if dataset.dtype.kind == "O":
            texts: Array = read_texts(dataset, self.problem, begin, end, budget)
            return texts
        rows: Array = dataset[begin:end]
        return rows


def open_checksummed_arrays(file: h5py.File, problem: ErrorFactory) -> dict[str, ChecksummedArray] | None:
    """The datasets by their paths, with their checksums; None in a file of an older version, which has none.

    The error if the attributes are not those that were written.
    """
    found = dict(iterate_objects(file, problem))
    if CONTENTS_NAME not in file and CHECKSUM_NAME not in file:
        return None

    def damage(what: str) -> NntrainError:
        return problem(f"damaged: {what}")

    contents = read_contents(found, damage)
    if contents["attributes"] != read_attributes(file, problem):
        raise damage("attributes")
    sums = contents["crc32"]
    datasets = {
        place: item for place, item in found.items() if place.startswith("/columns/") and hasattr(item, "dtype")
    }
    if sums.keys() != datasets.keys():
        raise damage("columns")
    return {place: ChecksummedArray(item, sums[place], CHUNK_ROWS, damage) for place, item in datasets.items()}


def read_attributes(file: h5py.File, problem: ErrorFactory) -> list[Any]:
    """What the attributes of a file and of its columns say, as JSON values."""
    columns = sorted(file["columns"].values(), key=get_column_number)
    return [
        *(read_attribute(file, name, problem) for name in ("rows", "options")),
        *([read_attribute(column, name, problem) for name in ("name", "kind")] for column in columns),
    ]


def build_error_factory(path: Path | str) -> ErrorFactory:
    """What makes the error of a file."""
    return lambda what: DataError(f"{path}: {what}; convert the data again")


def is_table_file(path: Path) -> bool:
    """Whether ``nntrain convert`` wrote the file."""
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        if opened.read(len(HDF5_SIGNATURE)) != HDF5_SIGNATURE:
            return False
    return has_format(path, TABLE_FORMAT)


def read_file_options(path: Path) -> dict[str, Any]:
    """The ``[data]`` options that the file records, unchecked; empty for other files."""
    if not is_table_file(path):
        return {}
    problem = build_error_factory(path)
    with open_hdf5_file(path, problem) as file, translate_errors(problem):
        options: dict[str, Any] = json.loads(read_attribute(file, "options", problem))
        return options


def get_column_number(group: h5py.Group) -> int:
    return int(group.name.rpartition("/")[2])
