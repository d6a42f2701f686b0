"""The layout of an HDF5 file: arrays of inputs and targets, or a table, and the paths of the arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nntrain.data.error_location import build_error_factory
from nntrain.data.stores.table_search import find_tables, has_fields
from nntrain.errors import DataError
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset, find_item
from nntrain.hdf5.opening import open_hdf5_file

if TYPE_CHECKING:
    import h5py

    from nntrain.data.readers.data_file import DataFile

INPUT_NAMES = ("inputs", "data", "x")
TARGET_NAMES = ("targets", "label", "y")
HDF5_SUFFIXES = (".h5", ".hdf5", ".hdf")

# The sets of a file, with their words in the names of groups and datasets.
SPLIT_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing"),
}


@dataclass(frozen=True)
class HDF5SplitLocation:
    """The inputs of a set, its targets if there are any, and their group."""

    group: str
    inputs: h5py.Dataset
    targets: h5py.Dataset | None


def contains_arrays(source: DataFile, others: Sequence[str]) -> bool:
    """Whether an HDF5 file has inputs that are arrays, or no table. DataError for a file that cannot be opened."""
    with open_hdf5_file(source.path, build_error_factory(source.path)) as file, suppress(DataError):
        tables = find_tables(file, DataError)
        found = find_splits(file, None, None, DataError) if tables else {}
        return not tables or any(is_array(location, tables, others) for location in found.values())
    # Refused objects may not belong to the arrays; reading the arrays reports them otherwise.
    return True


def contains_table(source: DataFile) -> bool:
    """Whether an HDF5 file has a table."""
    with suppress(DataError), open_hdf5_file(source.path, DataError) as file:
        return bool(find_tables(file, DataError))
    return False


def is_array(location: HDF5SplitLocation, tables: Mapping[str, Any], others: Sequence[str]) -> bool:
    """Whether the inputs are not a column of a table."""
    columns = tables.get(location.group)
    if has_fields(location.inputs):
        return False
    if not isinstance(columns, list):
        return True
    known = {item.name for item in (location.inputs, location.targets) if item is not None}
    known |= {f"{location.group}/{name.strip('/')}" for name in others}
    return all(column.name in known for column in columns)


def find_splits(
    file: h5py.File, inputs: str | None, targets: str | None, problem: ErrorFactory
) -> dict[str, HDF5SplitLocation]:
    """Find arrays at the root, named ``all``, else the sets that have a group or datasets such as x_train."""
    root = find_split(file, "", "{}", inputs, targets, problem)
    if root is not None:
        return {"all": root}
    found = {}
    for split, words in SPLIT_NAMES.items():
        # A group, or datasets such as x_train, train_x, train_set_x.
        patterns = [(f"/{word}", "{}") for word in words]
        patterns += [("", name) for word in words for name in (f"{{}}_{word}", f"{word}_{{}}", f"{word}_set_{{}}")]
        locations = (find_split(file, group, pattern, inputs, targets, problem) for group, pattern in patterns)
        location = next((location for location in locations if location is not None), None)
        if location is not None:
            found[split] = location
    return found


def find_split(
    file: h5py.File, group: str, pattern: str, inputs: str | None, targets: str | None, problem: ErrorFactory
) -> HDF5SplitLocation | None:
    """Find the arrays of a set; None if it has no inputs. DataError if it lacks the named targets."""
    x = find_first(file, group, [inputs] if inputs else [pattern.format(name) for name in INPUT_NAMES], problem)
    if x is None:
        return None
    y = find_first(file, group, [targets] if targets else [pattern.format(name) for name in TARGET_NAMES], problem)
    if y is None and targets:
        raise problem(f"no dataset {targets!r} for the targets next to {x.name!r}")
    return HDF5SplitLocation(group, x, y)


def find_first(file: h5py.File, group: str, names: Sequence[str], problem: ErrorFactory) -> h5py.Dataset | None:
    """Return the first of the datasets that exists, else the first whose name differs only in case."""
    item = find_item(file, group, problem)
    actual = {name.lower(): name for name in item} if hasattr(item, "keys") else {}
    others = (actual[name] for name in names if name in actual)
    found = (find_dataset(file, f"{group}/{name}", problem) for name in (*names, *others))
    return next((dataset for dataset in found if dataset is not None), None)


def find_dataset(file: h5py.File, name: str, problem: ErrorFactory) -> Any:
    """Return the dataset at a path, or None. DataError for a link to elsewhere, or an invalid declaration."""
    import h5py

    item = find_item(file, name, problem)
    if not isinstance(item, h5py.Dataset):
        return None
    check_dataset(item, problem, fields=True)
    return item
