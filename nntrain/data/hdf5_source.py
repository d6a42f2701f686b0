"""Arrays from an HDF5 file: inputs and targets at its root, or under train, validation and test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.data.array import Array
from nntrain.data.dims import dims_of
from nntrain.data.hdf5_data import HDF5Data
from nntrain.data.hdf5_part import HDF5Part
from nntrain.data.raw_column import RawColumn
from nntrain.data.streaming.streamed_array import StreamedArray
from nntrain.data.streaming.table_file import is_table_file
from nntrain.data.table_source import check_file
from nntrain.errors import DataError, nearest
from nntrain.hdf5.guard import check_dataset, member, objects
from nntrain.hdf5.opened import damaged, opened
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py

__all__ = ["is_hdf5", "open_hdf5", "read_hdf5"]

INPUTS = ("inputs", "data", "x")
TARGETS = ("targets", "label", "y")
GROUPS = ("train", "validation", "test")
SUFFIXES = (".h5", ".hdf5", ".hdf")
SIGNATURE = b"\x89HDF\r\n\x1a\n"

# Booleans, integers with and without sign, floats.
NUMERIC = "biuf"


def is_hdf5(path: Path) -> bool:
    """Whether the name or the first bytes of a file say HDF5, and it is no table that ``nntrain convert`` wrote."""
    if is_table_file(path):
        return False
    if path.suffix.lower() in SUFFIXES:
        return True
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


def read_hdf5(
    path: Path, *, inputs: str | None = None, targets: str | None = None, others: Sequence[str] = ()
) -> HDF5Data:
    """Every part of the file, whole. DataError as from ``open_hdf5``, and for inputs that are not finite."""
    with open_hdf5(path, inputs=inputs, targets=targets, others=others) as parts:
        whole = {name: replace(part, inputs=read(path, part.inputs.dataset)) for name, part in parts.items()}
    return HDF5Data(str(path), whole)


@contextmanager
def open_hdf5(
    path: Path, *, inputs: str | None = None, targets: str | None = None, others: Sequence[str] = ()
) -> Iterator[dict[str, HDF5Part]]:
    """Every part of the file, with inputs that are not read yet. ``inputs`` and ``targets`` are paths from the root or
    from inside the groups, and so are ``others``, columns of numbers or texts that are read where they are there.

    DataError for a file that is not HDF5, datasets that are not there or not numbers, lengths that differ,
    targets that are not finite.
    """
    check_file(path)

    def problem(what: str) -> DataError:
        return DataError(f"{path}: {what}")

    with opened(path, problem) as file:
        with damaged(problem):
            parts = parts_of(path, file, inputs, targets, others)
        yield parts


def parts_of(
    path: Path, file: h5py.File, inputs: str | None, targets: str | None, others: Sequence[str]
) -> dict[str, HDF5Part]:
    """The part at the root, else those in the groups. DataError, with what is there, if none is found."""
    whole = part_at(path, file, "", inputs, targets, others)
    if whole:
        return {"all": whole}
    groups = {group: part_at(path, file, group, inputs, targets, others) for group in GROUPS}
    parts = {group: part for group, part in groups.items() if part}
    if not parts:
        raise DataError(f"{path}: {lacking(file, inputs)}")
    return parts


def part_at(
    path: Path, file: h5py.File, place: str, inputs: str | None, targets: str | None, others: Sequence[str]
) -> HDF5Part | None:
    """The arrays at ``place``; None if it has no inputs. DataError if it lacks the targets that were named."""
    x = first_of(path, file, place, [inputs] if inputs else INPUTS)
    if x is None:
        return None
    y = first_of(path, file, place, [targets] if targets else TARGETS)
    if y is None and targets:
        known = ", ".join(datasets(file))
        raise DataError(f"{path}: no dataset {targets!r} for the targets beside {x.name!r}; the datasets are: {known}")
    found = {name: found_at(path, file, f"{place}/{name}") for name in others}
    columns = {name: column(path, name, dataset) for name, dataset in found.items() if dataset is not None}
    return checked(path, x, y, columns)


def first_of(path: Path, file: h5py.File, place: str, names: Sequence[str]) -> h5py.Dataset | None:
    """The first of the datasets that is there."""
    found = (dataset_at(path, file, f"{place}/{name}") for name in names)
    return next((dataset for dataset in found if dataset is not None), None)


def dataset_at(path: Path, file: h5py.File, name: str) -> Any:
    """The dataset of that name, or None. DataError for one that lies behind a link, or is not numbers."""
    dataset = found_at(path, file, name)
    return None if dataset is None else numeric(path, dataset)


def found_at(path: Path, file: h5py.File, name: str) -> Any:
    """The dataset of that name, or None. DataError for one that lies behind a link, or is not what it declares."""
    import h5py

    def problem(what: str) -> DataError:
        return DataError(f"{path}: {what}")

    item: Any = file
    for step in filter(None, name.split("/")):
        item = member(item, step, problem) if isinstance(item, h5py.Group) else None
    if not isinstance(item, h5py.Dataset):
        return None
    check_dataset(item, problem)
    return item


def column(path: Path, name: str, dataset: h5py.Dataset) -> RawColumn:
    """A number or a text for each row."""
    import h5py

    if h5py.check_string_dtype(dataset.dtype) is not None:
        if len(dataset.shape) != 1:
            raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected a text for each row")
        return RawColumn(name, "text", read_texts(dataset, lambda what: DataError(f"{path}: {what}")))
    return RawColumn(name, "number", read(path, numeric(path, dataset)).reshape(-1).astype(np.float64))


def numeric(path: Path, dataset: h5py.Dataset) -> h5py.Dataset:
    """The dataset if it holds rows of numbers."""
    if dataset.dtype.kind not in NUMERIC:
        raise DataError(f"{path}: {dataset.name!r} holds {dataset.dtype}; expected numbers")
    if not dataset.shape or not dataset.size:
        raise DataError(f"{path}: {dataset.name!r} has the shape {dataset.shape}; expected rows along the first axis")
    return dataset


def checked(
    path: Path, inputs: h5py.Dataset, targets: h5py.Dataset | None, columns: Mapping[str, RawColumn]
) -> HDF5Part:
    """The arrays. DataError if their lengths differ."""
    lengths = {name: len(column.values) for name, column in columns.items()}
    if targets is not None:
        lengths[targets.name] = len(targets)
    for name, length in lengths.items():
        if length != len(inputs):
            raise DataError(f"{path}: {inputs.name!r} has {len(inputs)} rows and {name!r} has {length}")
    labels = [axis.label for axis in inputs.dims]
    return HDF5Part(
        StreamedArray(path, inputs), None if targets is None else read(path, targets), dims_of(labels), columns
    )


def read(path: Path, dataset: h5py.Dataset) -> Array:
    """All of a dataset. DataError for a number that is not finite, or bytes that are damaged."""
    with damaged(lambda what: DataError(f"{path}: {what}")):
        array: Array = dataset[...]
    if array.dtype.kind == "f":
        wrong = np.asarray(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))
        if wrong.any():
            what = f"has NaN or infinity in {wrong.sum()} of {len(wrong)} rows, first in [{int(wrong.argmax())}]"
            raise DataError(f"{path}: {dataset.name!r} {what}; leave such rows out of the file")
    return array


def datasets(file: h5py.File) -> list[str]:
    """The paths of all datasets, or of those before something that is not read."""
    import h5py

    names = []
    with suppress(DataError):
        for name, item in objects(file, DataError):
            if isinstance(item, h5py.Dataset):
                names.append(name)
    return names


def lacking(file: h5py.File, inputs: str | None) -> str:
    """What was looked for and what is there."""
    found = ", ".join(datasets(file)) or "none"
    if inputs:
        return f"no dataset {inputs!r} for the inputs{nearest(inputs, datasets(file))}; the datasets are: {found}"
    return (
        "expected datasets inputs and targets (or data and label, x and y), at the root or under train, validation, "
        f"test; the datasets are: {found}; name them with --inputs and --targets"
    )
