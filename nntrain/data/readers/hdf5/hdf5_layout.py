"""What an HDF5 file holds: arrays of inputs and targets, or a table; and where the arrays are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nntrain.data.stores.table_search import find_tables, has_fields
from nntrain.data.streaming.table_file import is_table_file
from nntrain.errors import DataError
from nntrain.hdf5.object_checks import check_dataset, get_member
from nntrain.hdf5.opening import ErrorFactory, open_hdf5_file

if TYPE_CHECKING:
    import h5py

__all__ = ["HDF5_SUFFIXES", "HDF5SplitLocation", "find_dataset", "find_splits", "has_arrays", "has_table", "is_hdf5"]

INPUT_NAMES = ("inputs", "data", "x")
TARGET_NAMES = ("targets", "label", "y")
HDF5_SUFFIXES = (".h5", ".hdf5", ".hdf")
HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The parts of a file, with the words for them in the names of groups and datasets.
SPLIT_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing"),
}


@dataclass(frozen=True)
class HDF5SplitLocation:
    """A part of the rows: its inputs, its targets if there are any, and the group that they are in."""

    group: str
    inputs: h5py.Dataset
    targets: h5py.Dataset | None


def is_hdf5(path: Path) -> bool:
    """Whether the name or the first bytes of a file say HDF5, and it is no table that ``nntrain convert`` wrote."""
    if is_table_file(path):
        return False
    if path.suffix.lower() in HDF5_SUFFIXES:
        return True
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE


def has_arrays(path: Path, inputs: str | None = None, others: Sequence[str] = ()) -> bool:
    """Whether a file is one of HDF5 that is read as arrays: whose inputs are named, or found, or that has no table.

    Inputs of one number a row are a column of a table where there are more columns than inputs, targets, and
    ``others``, which go along with them. DataError for a file that cannot be opened.
    """
    if not is_hdf5(path):
        return False
    if inputs is not None or not path.is_file():
        return True

    with open_hdf5_file(path, lambda what: DataError(f"{path}: {what}")) as file, suppress(DataError):
        tables = find_tables(file, DataError)
        places = find_splits(file, None, None, DataError) if tables else {}
        return not tables or any(is_array(place, tables, others) for place in places.values())
    # Objects that are refused may be of no use for the arrays; whoever reads them says so otherwise.
    return True


def has_table(path: Path) -> bool:
    """Whether a file is one of HDF5 with a table in it."""
    with suppress(DataError):
        if is_hdf5(path) and path.is_file():
            with open_hdf5_file(path, DataError) as file:
                return bool(find_tables(file, DataError))
    return False


def is_array(place: HDF5SplitLocation, tables: Mapping[str, Any], others: Sequence[str]) -> bool:
    """Whether the inputs are no column of a table."""
    columns = tables.get(place.group)
    if has_fields(place.inputs):
        return False
    if not isinstance(columns, list):
        return True
    known = {item.name for item in (place.inputs, place.targets) if item is not None}
    known |= {f"{place.group}/{name.strip('/')}" for name in others}
    return all(column.name in known for column in columns)


def find_splits(
    file: h5py.File, inputs: str | None, targets: str | None, problem: ErrorFactory
) -> dict[str, HDF5SplitLocation]:
    """``all`` for arrays at the root, else the parts that have a group, or datasets such as x_train, of their own."""
    whole = find_split(file, "", "{}", inputs, targets, problem)
    if whole is not None:
        return {"all": whole}
    found = {}
    for part, words in SPLIT_NAMES.items():
        ways = [*((f"/{word}", "{}") for word in words), *(("", way) for way in iterate_name_patterns(words))]
        places = (find_split(file, group, way, inputs, targets, problem) for group, way in ways)
        place = next((place for place in places if place is not None), None)
        if place is not None:
            found[part] = place
    return found


def iterate_name_patterns(words: Sequence[str]) -> Iterator[str]:
    """How the name of a dataset says its part: x_train, train_x, train_set_x."""
    for word in words:
        yield from (f"{{}}_{word}", f"{word}_{{}}", f"{word}_set_{{}}")


def find_split(
    file: h5py.File, group: str, pattern: str, inputs: str | None, targets: str | None, problem: ErrorFactory
) -> HDF5SplitLocation | None:
    """The arrays of a part; None if it has no inputs. DataError if it lacks the targets that were named."""
    x = find_first(file, group, [inputs] if inputs else [pattern.format(name) for name in INPUT_NAMES], problem)
    if x is None:
        return None
    y = find_first(file, group, [targets] if targets else [pattern.format(name) for name in TARGET_NAMES], problem)
    if y is None and targets:
        raise problem(f"no dataset {targets!r} for the targets beside {x.name!r}")
    return HDF5SplitLocation(group, x, y)


def find_first(file: h5py.File, group: str, names: Sequence[str], problem: ErrorFactory) -> h5py.Dataset | None:
    """The first of the datasets that is there; else the first but for capitals."""
    found = (find_dataset(file, f"{group}/{name}", problem) for name in names)
    exact = next((dataset for dataset in found if dataset is not None), None)
    if exact is not None:
        return exact
    place = find_item(file, group, problem)
    spelled = {name.lower(): name for name in place} if hasattr(place, "keys") else {}
    others = (find_dataset(file, f"{group}/{spelled[name]}", problem) for name in names if name in spelled)
    return next((dataset for dataset in others if dataset is not None), None)


def find_item(file: h5py.File, name: str, problem: ErrorFactory) -> Any:
    """What lies at a path, or None. DataError for a link to somewhere else."""
    import h5py

    item: Any = file
    for step in filter(None, name.split("/")):
        item = get_member(item, step, problem) if isinstance(item, h5py.Group) else None
    return item


def find_dataset(file: h5py.File, name: str, problem: ErrorFactory) -> Any:
    """The dataset of that name, or None. DataError for one that lies behind a link, or is not what it declares."""
    import h5py

    item = find_item(file, name, problem)
    if not isinstance(item, h5py.Dataset):
        return None
    check_dataset(item, problem, fields=True)
    return item
