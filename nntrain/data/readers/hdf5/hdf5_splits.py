"""Arrays from an HDF5 file: inputs and targets at its root, or under train, validation and test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dims import infer_dims
from nntrain.data.readers.hdf5.hdf5_layout import HDF5SplitLocation, find_dataset, find_splits
from nntrain.data.readers.hdf5.hdf5_split import HDF5Split
from nntrain.data.readers.table_reader import check_file
from nntrain.data.streaming.streamed_array import StreamedArray, check_finite
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names
from nntrain.hdf5.axis_labels import read_axis_labels
from nntrain.hdf5.object_checks import iterate_objects
from nntrain.hdf5.opening import ErrorFactory, open_hdf5_file, translate_errors
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py
from dataclasses import dataclass

__all__ = ["HDF5Splits", "open_hdf5", "read_hdf5"]


@dataclass(frozen=True)
class HDF5Splits:
    """``parts`` by name: ``all`` for arrays at the root, else those of ``train validation test`` that exist."""

    path: str
    splits: dict[str, HDF5Split]


# Booleans, integers with and without sign, floats.
NUMERIC_KINDS = "biuf"


def read_hdf5(
    path: Path, *, inputs: str | None = None, targets: str | None = None, others: Sequence[str] = ()
) -> HDF5Splits:
    """Every part of the file, whole. DataError as from ``open_hdf5``, and for inputs that are infinite."""
    with open_hdf5(path, inputs=inputs, targets=targets, others=others) as parts:
        whole = {
            name: replace(part, inputs=read_dataset(path, part.inputs.dataset, missing=True))
            for name, part in parts.items()
        }
    return HDF5Splits(str(path), whole)


@contextmanager
def open_hdf5(
    path: Path, *, inputs: str | None = None, targets: str | None = None, others: Sequence[str] = ()
) -> Iterator[dict[str, HDF5Split]]:
    """Every part of the file, with inputs that are not read yet. ``inputs`` and ``targets`` are paths from the root or
    from inside the groups, and so are ``others``, columns of numbers or texts that are read where they are there.

    DataError for a file that is not HDF5, datasets that are not there or not numbers, lengths that differ,
    targets that are not finite.
    """
    check_file(path)

    def problem(what: str) -> DataError:
        return DataError(f"{path}: {what}")

    with open_hdf5_file(path, problem) as file:
        with translate_errors(problem):
            parts = open_splits(path, file, inputs, targets, others)
        yield parts


def open_splits(
    path: Path, file: h5py.File, inputs: str | None, targets: str | None, others: Sequence[str]
) -> dict[str, HDF5Split]:
    """The part at the root, else those by name. DataError, with what is there, if none is found."""

    def problem(what: str) -> DataError:
        return DataError(f"{path}: {what}")

    places = find_splits(file, inputs, targets, problem)
    if not places:
        raise problem(format_missing_datasets(file, inputs, problem))
    return {part: open_split(path, file, place, others) for part, place in places.items()}


def open_split(path: Path, file: h5py.File, place: HDF5SplitLocation, others: Sequence[str]) -> HDF5Split:
    """The arrays of a part. DataError if their lengths differ, or the inputs are not numbers."""
    inputs, targets = check_numeric(path, place.inputs), place.targets
    found = {name: find_dataset(file, f"{place.group}/{name}", DataError) for name in others}
    columns = {name: read_column(path, name, dataset) for name, dataset in found.items() if dataset is not None}
    lengths = {name: len(column.values) for name, column in columns.items()}
    answers = None if targets is None else read_targets(path, targets)
    if targets is not None and answers is not None:
        lengths[targets.name] = len(answers)
    for name, length in lengths.items():
        if length != len(inputs):
            raise DataError(f"{path}: {inputs.name!r} has {len(inputs)} rows and {name!r} has {length}")
    dims = infer_dims(read_axis_labels(inputs, lambda what: DataError(f"{path}: {what}")))
    return HDF5Split(StreamedArray(path, inputs), answers, dims, columns)


def read_targets(path: Path, dataset: h5py.Dataset) -> Array:
    """Targets: finite numbers, or texts as objects. DataError for a row without any."""
    if not is_string(dataset):
        return read_dataset(path, check_numeric(path, dataset))
    texts = read_column(path, dataset.name, dataset).values
    missing = sum(1 for text in texts if not text)
    if missing:
        raise DataError(f"{path}: {dataset.name!r} has no text in {missing} rows; leave such rows out of the file")
    return texts


def is_string(dataset: h5py.Dataset) -> bool:
    """Whether a dataset holds strings."""
    import h5py

    return h5py.check_string_dtype(dataset.dtype) is not None


def read_column(path: Path, name: str, dataset: h5py.Dataset) -> RawColumn:
    """A number or a text for each row."""
    if not is_string(dataset):
        return RawColumn(
            name, "number", read_dataset(path, check_numeric(path, dataset)).reshape(-1).astype(np.float64)
        )
    if not dataset.shape or dataset.size != len(dataset):
        raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected a text for each row")
    return RawColumn(name, "text", read_texts(dataset, lambda what: DataError(f"{path}: {what}")))


def check_numeric(path: Path, dataset: h5py.Dataset) -> h5py.Dataset:
    """The dataset if it holds rows of numbers."""
    if dataset.dtype.kind not in NUMERIC_KINDS:
        raise DataError(f"{path}: {dataset.name!r} holds {dataset.dtype}; expected numbers")
    if not dataset.shape or not dataset.size:
        raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected rows along the first axis")
    return dataset


def read_dataset(path: Path, dataset: h5py.Dataset, *, missing: bool = False) -> Array:
    """All of a dataset. DataError for an infinite number, NaN unless numbers may be ``missing``, or damaged bytes."""
    with translate_errors(lambda what: DataError(f"{path}: {what}")):
        array: Array = dataset[...]
    check_finite(path, dataset, array, missing=missing)
    return array


def list_datasets(file: h5py.File, problem: ErrorFactory) -> list[str]:
    """The paths of all datasets. If none can be read, the error for the first object that is refused."""
    import h5py

    for foreign in (True, False):
        items = iterate_objects(file, problem, foreign=foreign)
        names = [name for name, item in items if isinstance(item, h5py.Dataset)]
        if names:
            return names
    return []


def format_missing_datasets(file: h5py.File, inputs: str | None, problem: ErrorFactory) -> str:
    """What was looked for and what is there."""
    names = list_datasets(file, problem)
    found = format_names(names) or "none"
    if inputs:
        return f"no dataset {inputs!r} for the inputs{suggest_name(inputs, names)}; the datasets are: {found}"
    return (
        "expected datasets inputs and targets (or data and label, x and y), at the root or under train, validation, "
        f"test, or x_train and y_train, or a table; the datasets are: {found}; name them with --inputs and --targets"
    )
