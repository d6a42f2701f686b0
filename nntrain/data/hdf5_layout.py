"""What an HDF5 file holds: arrays of inputs and targets, or a table; and where the arrays are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nntrain.data.stores.find_table import has_fields, tables_in
from nntrain.data.streaming.table_file import is_table_file
from nntrain.errors import DataError
from nntrain.hdf5.guard import check_dataset, member
from nntrain.hdf5.opened import Problem, opened

if TYPE_CHECKING:
    import h5py

__all__ = ["SUFFIXES", "Place", "found_at", "has_table", "holds_arrays", "is_hdf5", "places_of"]

INPUTS = ("inputs", "data", "x")
TARGETS = ("targets", "label", "y")
SUFFIXES = (".h5", ".hdf5", ".hdf")
SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The parts of a file, with the words for them in the names of groups and datasets.
PARTS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing"),
}


@dataclass(frozen=True)
class Place:
    """A part of the rows: its inputs, its targets if there are any, and the group that they are in."""

    group: str
    inputs: h5py.Dataset
    targets: h5py.Dataset | None


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


def holds_arrays(path: Path, inputs: str | None = None, others: Sequence[str] = ()) -> bool:
    """Whether a file is one of HDF5 that is read as arrays: whose inputs are named, or found, or that has no table.

    Inputs of one number a row are a column of a table where there are more columns than inputs, targets, and
    ``others``, which go along with them. DataError for a file that cannot be opened.
    """
    if not is_hdf5(path):
        return False
    if inputs is not None or not path.is_file():
        return True

    with opened(path, lambda what: DataError(f"{path}: {what}")) as file, suppress(DataError):
        tables = tables_in(file, DataError)
        places = places_of(file, None, None, DataError) if tables else {}
        return not tables or any(is_array(place, tables, others) for place in places.values())
    # Objects that are refused may be of no use for the arrays; whoever reads them says so otherwise.
    return True


def has_table(path: Path) -> bool:
    """Whether a file is one of HDF5 with a table in it."""
    with suppress(DataError):
        if is_hdf5(path) and path.is_file():
            with opened(path, DataError) as file:
                return bool(tables_in(file, DataError))
    return False


def is_array(place: Place, tables: Mapping[str, Any], others: Sequence[str]) -> bool:
    """Whether the inputs are no column of a table."""
    columns = tables.get(place.group)
    if has_fields(place.inputs):
        return False
    if not isinstance(columns, list):
        return True
    known = {item.name for item in (place.inputs, place.targets) if item is not None}
    known |= {f"{place.group}/{name.strip('/')}" for name in others}
    return all(column.name in known for column in columns)


def places_of(file: h5py.File, inputs: str | None, targets: str | None, problem: Problem) -> dict[str, Place]:
    """``all`` for arrays at the root, else the parts that have a group, or datasets such as x_train, of their own."""
    whole = place_at(file, "", "{}", inputs, targets, problem)
    if whole is not None:
        return {"all": whole}
    found = {}
    for part, words in PARTS.items():
        ways = [*((f"/{word}", "{}") for word in words), *(("", way) for way in ways_of(words))]
        places = (place_at(file, group, way, inputs, targets, problem) for group, way in ways)
        place = next((place for place in places if place is not None), None)
        if place is not None:
            found[part] = place
    return found


def ways_of(words: Sequence[str]) -> Iterator[str]:
    """How the name of a dataset says its part: x_train, train_x, train_set_x."""
    for word in words:
        yield from (f"{{}}_{word}", f"{word}_{{}}", f"{word}_set_{{}}")


def place_at(
    file: h5py.File, group: str, way: str, inputs: str | None, targets: str | None, problem: Problem
) -> Place | None:
    """The arrays of a part; None if it has no inputs. DataError if it lacks the targets that were named."""
    x = first_of(file, group, [inputs] if inputs else [way.format(name) for name in INPUTS], problem)
    if x is None:
        return None
    y = first_of(file, group, [targets] if targets else [way.format(name) for name in TARGETS], problem)
    if y is None and targets:
        raise problem(f"no dataset {targets!r} for the targets beside {x.name!r}")
    return Place(group, x, y)


def first_of(file: h5py.File, group: str, names: Sequence[str], problem: Problem) -> h5py.Dataset | None:
    """The first of the datasets that is there; else the first but for capitals."""
    found = (found_at(file, f"{group}/{name}", problem) for name in names)
    exact = next((dataset for dataset in found if dataset is not None), None)
    if exact is not None:
        return exact
    place = item_at(file, group, problem)
    spelled = {name.lower(): name for name in place} if hasattr(place, "keys") else {}
    others = (found_at(file, f"{group}/{spelled[name]}", problem) for name in names if name in spelled)
    return next((dataset for dataset in others if dataset is not None), None)


def item_at(file: h5py.File, name: str, problem: Problem) -> Any:
    """What lies at a path, or None. DataError for a link to somewhere else."""
    import h5py

    item: Any = file
    for step in filter(None, name.split("/")):
        item = member(item, step, problem) if isinstance(item, h5py.Group) else None
    return item


def found_at(file: h5py.File, name: str, problem: Problem) -> Any:
    """The dataset of that name, or None. DataError for one that lies behind a link, or is not what it declares."""
    import h5py

    item = item_at(file, name, problem)
    if not isinstance(item, h5py.Dataset):
        return None
    check_dataset(item, problem, fields=True)
    return item
