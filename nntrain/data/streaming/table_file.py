"""The typed columns of a table in an HDF5 file, as ``nntrain convert`` writes it.

A group for each column, in the order of the table, has the attributes ``name`` and ``kind``, and for
    number: ``values`` float64, NaN if missing;
    boolean: ``values`` int8, −1 if missing;
    time: ``values`` int64, microseconds since 1970, the minimum integer if missing;
    text: ``codes`` int32, −1 if missing, and their ``labels``; or, for very many labels, ``texts``, empty if missing.

``contents`` has the checksums of the blocks of each dataset, and a copy of the attributes. Files of older versions lack
it, and are read without verification.
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
from nntrain.data.error_location import build_error_factory
from nntrain.data.option_suggestions import suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.streaming.checksummed_array import CHECKSUM_NAME, CONTENTS_NAME, ChecksummedArray, read_contents
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import check_dataset, iterate_objects, read_attribute
from nntrain.hdf5.opening import open_hdf5_file

if TYPE_CHECKING:
    import h5py

TABLE_FORMAT = "nntrain table"
VERSION = 1

# Number of values that are compressed together and have one checksum.
CHUNK_ROWS = 2**16

# The options that a file records, which a run uses unless it sets them.
RECORDED_OPTIONS = (
    *("target", "label_separator", "positive", "target_transform", "target_range", "sample_weight", "task"),
    *("ignore", "one_hot_limit", "number_scaling", "text_features"),
)

# The end of the errors of a corrupt file.
FIX = "; convert the data again"

# NumPy kinds of the values by kind of column, and of the datasets of text columns.
VALUE_DTYPE_KINDS: dict[str, str] = {"number": "f", "boolean": "i", "time": "i", "text": ""}
TEXT_DTYPE_KINDS = {"codes": "i", "labels": "O", "texts": "O"}


class TableFile:
    """A table in an open file, read in blocks of rows. DataError for a corrupt file."""

    formats: Mapping[str, ColumnFormat] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def __init__(self, path: str, file: h5py.File, known: Mapping[str, ColumnFormat]) -> None:
        self.path = path
        self.problem = build_error_factory(path, FIX)
        self.size = file.id.get_filesize()
        self.known = known
        if read_attribute(file, "version", self.problem) > VERSION:
            raise DataError(f"{path}: written by a newer nntrain; convert the data again, or update")
        self.rows = int(read_attribute(file, "rows", self.problem))
        groups = [item for path, item in iterate_objects(file, self.problem) if path.count("/") == 2]
        self.groups = {self._read_string(group, "name"): group for group in sorted(groups, key=get_column_number)}
        self.kinds = {name: self._kind(name) for name in self.groups}
        for group in groups:
            self._check(group)
        self._arrays = open_checksummed_arrays(file, self.problem)

    @classmethod
    @contextmanager
    def open(cls, path: Path, known: Mapping[str, ColumnFormat] | None = None) -> Iterator[TableFile]:
        """Open a file. ``known``: the formats in which to read columns, of which only the kind is used."""
        problem = build_error_factory(path, FIX)
        with open_hdf5_file(path, problem) as file:
            with translate_errors(problem):
                table = cls(str(path), file, known or {})
            yield table

    def step_bytes(self, names: Sequence[str]) -> int:
        """Return 0: the file stores distinct texts."""
        return 0

    def block(self, names: Sequence[str], begin: int, end: int) -> DataTable:
        """Read columns of the rows ``begin:end``."""
        columns = {}
        budget = Budget(self.size, self.problem)
        with translate_errors(self.problem):
            for name in names:
                group = self.groups[name]
                raw = RawColumn(name, self._read_string(group, "kind"), self._values(group, begin, end, budget))
                columns[name] = to_text(raw) if self.kinds[name] == "text" else raw
        return DataTable(self.path, columns, min(end, self.rows) - begin)

    def _read_string(self, group: h5py.Group, name: str) -> Any:
        value = read_attribute(group, name, self.problem)
        if not isinstance(value, str):
            raise self.problem(f"{group.name}: {name}: expected a string, got {value!r}")
        return value

    def _kind(self, name: str) -> ValueKind:
        stored, expected = self._read_string(self.groups[name], "kind"), self.known.get(name, ColumnFormat()).kind
        if stored not in VALUE_DTYPE_KINDS:
            raise self.problem(f"column {name!r}: unknown kind {stored!r}")
        if expected not in (None, stored, "text"):
            raise DataError(
                f"{self.path}: column {name!r} has values of kind {stored}, expected {expected}; "
                f"convert the data again with {suggest_type(name, expected)}"
            )
        return cast(ValueKind, expected or stored)

    def _check(self, group: h5py.Group) -> None:
        """Check the types and the number of the values of a column."""
        for name, dataset in group.items():
            check_dataset(dataset, self.problem)
            if name != "labels" and dataset.shape != (self.rows,):
                raise self.problem(
                    f"{dataset.name}: expected a value for each of {self.rows} rows, got {dataset.shape}"
                )
            if dataset.dtype.kind not in (
                VALUE_DTYPE_KINDS[self._read_string(group, "kind")] if name == "values" else TEXT_DTYPE_KINDS[name]
            ):
                raise self.problem(f"{dataset.name}: unexpected type {dataset.dtype} for such a column")

    def _values(self, group: h5py.Group, begin: int, end: int, budget: Budget) -> Array:
        """Read values of a ``RawColumn``."""
        kind = self._read_string(group, "kind")
        if kind != "text":
            values = self._rows(group["values"], begin, end, budget)
            if kind == "boolean":
                return np.where(values < 0, np.nan, values.astype(np.float64))
            return values.astype("M8[us]") if kind == "time" else values
        if "codes" not in group:
            texts = self._rows(group["texts"], begin, end, budget)
            return np.array([text or None for text in texts], object)
        labels = np.array([*self._rows(group["labels"], 0, len(group["labels"]), budget), None], object)
        codes = self._rows(group["codes"], begin, end, budget)
        if len(codes) and not -1 <= codes.min() <= codes.max() < len(labels) - 1:
            raise self.problem(f"{group.name}: has codes without a label")
        return labels[codes]

    def _rows(self, dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Array:
        return self._arrays[dataset.name].rows(begin, end, budget)


def open_checksummed_arrays(file: h5py.File, problem: ErrorFactory) -> dict[str, ChecksummedArray]:
    """Return the datasets by path, with their checksums, which files of older versions lack.

    The error if the attributes differ from those that were written.
    """
    found = dict(iterate_objects(file, problem))
    datasets = {path: item for path, item in found.items() if path.startswith("/columns/") and hasattr(item, "dtype")}
    sums: dict[str, Any] = dict.fromkeys(datasets)
    if CONTENTS_NAME in file or CHECKSUM_NAME in file:
        contents = read_contents(found, lambda part: problem(f"corrupt: {part}"))
        if contents["attributes"] != read_attributes(file, problem):
            raise problem("corrupt: attributes")
        if contents["crc32"].keys() != datasets.keys():
            raise problem("corrupt: columns")
        sums = contents["crc32"]
    return {
        path: ChecksummedArray(item, sums[path], CHUNK_ROWS, lambda part: problem(f"corrupt: {part}"))
        for path, item in datasets.items()
    }


def read_attributes(file: h5py.File, problem: ErrorFactory) -> list[Any]:
    """Return the attributes of a file and of its columns as JSON values."""
    columns = sorted(file["columns"].values(), key=get_column_number)
    return [
        *(read_attribute(file, name, problem) for name in ("rows", "options")),
        *([read_attribute(column, name, problem) for name in ("name", "kind")] for column in columns),
    ]


def read_file_options(path: Path) -> dict[str, Any]:
    """Return the options that the file records, as keys of ``[data]``, unchecked."""
    problem = build_error_factory(path, FIX)
    with open_hdf5_file(path, problem) as file, translate_errors(problem):
        options: dict[str, Any] = json.loads(read_attribute(file, "options", problem))
        return options


def get_column_number(group: h5py.Group) -> int:
    return int(group.name.rpartition("/")[2])
