"""Arrays from an HDF5 file: inputs and targets at its root, or under train, validation and test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dims import Dims, infer_dims
from nntrain.data.error_location import add_location, build_error_factory
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_layout import HDF5SplitLocation, find_dataset, find_splits
from nntrain.data.streaming.streamed_array import StreamedArray, check_finite
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names
from nntrain.hdf5.axis_labels import read_axis_labels
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import NUMERIC_KINDS, iterate_objects
from nntrain.hdf5.opening import open_hdf5_file
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py


def read_hdf5(
    path: Path,
    inputs: str | None = None,
    targets: str | None = None,
    dims: Dims | None = None,
    others: Sequence[str] = (),
) -> dict[str, RawArrayDataset]:
    """Read all sets of the file. DataError as in ``open_hdf5``, and for infinite inputs."""
    with open_hdf5(path, inputs, targets, dims, others) as splits:
        return {name: replace(split, inputs=split.inputs.load()) for name, split in splits.items()}


@contextmanager
def open_hdf5(
    path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str]
) -> Iterator[dict[str, RawArrayDataset]]:
    """Open all sets of the file, with inputs that are not read yet.

    The set ``all`` has arrays at the root; else these are the sets of ``train validation test`` that exist. ``inputs``,
    ``targets`` and ``others`` are paths from the root or inside the groups; ``others``: columns of numbers or strings
    to read if they exist. ``dims``: the axes of images; default: those that labels of the axes declare. DataError for a
    file that is not HDF5, missing or non-numeric datasets, different lengths, targets that are not finite.
    """
    DataFile.open(path)
    problem = build_error_factory(path)
    with open_hdf5_file(path, problem) as file:
        with translate_errors(problem):
            found = find_splits(file, inputs, targets, problem)
            if not found:
                raise problem(format_missing_datasets(file, inputs, problem))
            splits = {name: open_split(path, file, location, dims, others) for name, location in found.items()}
        yield splits


def open_split(
    path: Path, file: h5py.File, location: HDF5SplitLocation, dims: Dims | None, others: Sequence[str]
) -> RawArrayDataset:
    """Open the arrays of a set. DataError if their lengths differ, or the inputs are not numbers."""
    inputs, targets = check_numeric(path, location.inputs), location.targets
    found = {name: find_dataset(file, f"{location.group}/{name}", DataError) for name in others}
    columns = {name: read_column(path, name, dataset) for name, dataset in found.items() if dataset is not None}
    lengths = {name: len(column.values) for name, column in columns.items()}
    labels = None if targets is None else read_targets(path, targets)
    if targets is not None and labels is not None:
        lengths[targets.name] = len(labels)
    for name, length in lengths.items():
        if length != len(inputs):
            raise DataError(f"{path}: {inputs.name!r} has {len(inputs)} rows and {name!r} has {length}")
    labeled = infer_dims(read_axis_labels(inputs, build_error_factory(path)))
    with add_location(str(path)):
        stream = StreamedArray(path, inputs, dims or labeled)
    return RawArrayDataset(str(path), stream, labels, dims or labeled, columns)


def read_targets(path: Path, dataset: h5py.Dataset) -> Array:
    """Read targets: finite numbers, or strings as objects. DataError for a row without a target."""
    if not is_string(dataset):
        return read_dataset(path, check_numeric(path, dataset))
    texts = read_column(path, dataset.name, dataset).values
    missing = sum(1 for text in texts if not text)
    if missing:
        raise DataError(f"{path}: {dataset.name!r} is empty in {missing} rows; remove these rows from the file")
    return texts


def is_string(dataset: h5py.Dataset) -> bool:
    """Whether a dataset contains strings."""
    import h5py

    return h5py.check_string_dtype(dataset.dtype) is not None


def read_column(path: Path, name: str, dataset: h5py.Dataset) -> RawColumn:
    """Read a column of numbers or strings."""
    if not is_string(dataset):
        return RawColumn(
            name, "number", read_dataset(path, check_numeric(path, dataset)).reshape(-1).astype(np.float64)
        )
    if not dataset.shape or dataset.size != len(dataset):
        raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected a string for each row")
    return RawColumn(name, "text", read_texts(dataset, build_error_factory(path)))


def check_numeric(path: Path, dataset: h5py.Dataset) -> h5py.Dataset:
    """Return the dataset. DataError if it is not rows of numbers."""
    if dataset.dtype.kind not in NUMERIC_KINDS:
        raise DataError(f"{path}: {dataset.name!r} has the type {dataset.dtype}; expected numbers")
    if not dataset.shape or not dataset.size:
        raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected rows along the first axis")
    return dataset


def read_dataset(path: Path, dataset: h5py.Dataset) -> Array:
    """Read a dataset. DataError for a number that is not finite, or corrupt bytes."""
    with translate_errors(build_error_factory(path)):
        array: Array = dataset[...]
    check_finite(path, dataset, array, missing=False)
    return array


def list_datasets(file: h5py.File, problem: ErrorFactory) -> list[str]:
    """Return the paths of all datasets. If there is none, the error for the first refused object."""
    import h5py

    for foreign in (True, False):
        items = iterate_objects(file, problem, foreign=foreign)
        names = [name for name, item in items if isinstance(item, h5py.Dataset)]
        if names:
            return names
    return []


def format_missing_datasets(file: h5py.File, inputs: str | None, problem: ErrorFactory) -> str:
    """Format the expected and the existing datasets."""
    names = list_datasets(file, problem)
    found = format_names(names) or "none"
    if inputs:
        return f"no dataset {inputs!r} for the inputs{suggest_name(inputs, names)}; the datasets are: {found}"
    return (
        "expected datasets inputs and targets (or data and label, x and y), at the root or under train, validation, "
        f"test, or x_train and y_train, or a table; the datasets are: {found}; name them with --inputs and --targets"
    )
