"""What a dataset must be before it is read: in this file, of a known type, and no larger than what is stored."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nntrain.errors import NntrainError
from nntrain.hdf5.opened import Problem, damaged, opened

if TYPE_CHECKING:
    import h5py

__all__ = ["attribute", "check_dataset", "is_marked", "member", "objects"]

# Filters that HDF5 and h5py bring along, by their numbers: deflate, shuffle, fletcher32 and lzf. Others would be code
# that is loaded from somewhere.
FILTERS = {1, 2, 3, 32000}

# Some of the others, after the registry of The HDF Group.
NAMES = {
    4: "szip",
    305: "LZO",
    307: "bzip2",
    32001: "Blosc",
    32004: "LZ4",
    32013: "ZFP",
    32015: "Zstandard",
    32026: "Blosc2",
}

# No filter on the list makes more bytes of one: 258 for 2 bits is what deflate may do at best.
RATIO = 1032

# Elements of numbers have at most so many bytes.
WIDEST = 16

# How deep groups may lie in each other, and how many objects a file may have: hard links may make rings.
DEEPEST, MOST = 32, 100_000


def member(group: h5py.Group, name: str, problem: Problem) -> Any:
    """What lies at a name in a group; None if there is nothing. The error if it is a link to somewhere else."""
    import h5py

    with damaged(problem):
        link = group.get(name, getlink=True)
        if link is None:
            return None
        if not isinstance(link, h5py.HardLink):
            raise problem(f"{place(group, name)}: a link to somewhere else; expected a group or a dataset of this file")
        return group[name]


def attribute(item: h5py.Group | h5py.Dataset, name: str, problem: Problem) -> Any:
    """One number, truth value or text beside a group or dataset. The error if it is not there, or something else."""
    with damaged(problem):
        if name not in item.attrs:
            raise problem(f"{item.name}: has no attribute {name!r}")
        kept = item.attrs.get_id(name)
        if kept.shape != () or not known(kept.dtype):
            raise problem(f"{item.name}: the attribute {name!r} is not one number or text")
        value = item.attrs[name]
        return value.item() if hasattr(value, "item") else value


def is_marked(path: Path, mark: str) -> bool:
    """Whether a file is one of HDF5 whose attribute ``format`` is ``mark``, be it whole or not."""
    with suppress(NntrainError), opened(path, NntrainError) as file:
        return bool(attribute(file, "format", NntrainError) == mark)
    return False


def place(group: h5py.Group, name: str) -> str:
    """The path of a member."""
    return f"{(group.name or '').rstrip('/')}/{name}"


def check_dataset(dataset: h5py.Dataset, problem: Problem, *, filters: bool = True, fields: bool = False) -> None:
    """The error unless the dataset's numbers or texts are in this file, and are as many as it declares.

    With ``fields`` its rows are fields of numbers and texts.
    """
    import h5py

    with damaged(problem):
        where = dataset.name
        dtype, shape = dataset.dtype, dataset.shape
        parts = [dtype[name].base for name in dtype.names] if fields and dtype.names else [dtype]
        if not all(known(part) for part in parts):
            raise problem(f"{where}: holds {dtype}; expected numbers or texts")
        if shape is None:
            raise problem(f"{where}: an empty dataset without a shape")
        plan = dataset.id.get_create_plist()
        if plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count():
            raise problem(f"{where}: keeps its values in other files; expected them in this one")
        used = [plan.get_filter(index)[0] for index in range(plan.get_nfilters())]
        if used and (not filters or not set(used) <= FILTERS):
            advice = '; write it with gzip (in pandas: complib="zlib")' if filters else ""
            raise problem(f"{where}: is filtered by {filter_names(used)}, which is not read here{advice}")
        declared = math.prod(shape) * dtype.itemsize
        stored = dataset.id.get_storage_size()
        size = dataset.file.id.get_filesize()
        chunk = math.prod(dataset.chunks or ()) * dtype.itemsize if dataset.chunks else 0
        if stored > size:
            raise problem(f"{where}: claims {stored:,} bytes of a file of {size:,}")
        if max(declared, chunk) > stored * (RATIO if used else 1):
            raise problem(f"{where}: declares {shape} values of {dtype}, {declared:,} bytes, but {stored:,} are stored")


def known(dtype: Any) -> bool:
    """Whether elements are numbers, booleans or texts."""
    import h5py

    if dtype.kind in "biuf":
        return bool(dtype.itemsize <= WIDEST)
    return dtype.kind == "S" or h5py.check_string_dtype(dtype) is not None


def filter_names(numbers: list[int]) -> str:
    """The filters that are not on the list, or all."""
    others = (NAMES.get(number, f"filter {number}") for number in numbers if number not in FILTERS)
    return ", ".join(others) or "a compression"


def objects(group: h5py.Group, problem: Problem) -> Iterator[tuple[str, Any]]:
    """Every group and dataset below a group, with its path, looked at but not read.

    The error for what lies too deep, for too many of them, and for anything else.
    """
    import h5py

    waiting = [(group, 0)]
    count = 0
    while waiting:
        inner, depth = waiting.pop()
        with damaged(problem):
            names = list(inner)
        if depth == DEEPEST and names:
            raise problem(f"{inner.name}: groups lie more than {DEEPEST} deep in each other")
        for name in names:
            count += 1
            if count > MOST:
                raise problem(f"holds more than {MOST:,} groups and datasets")
            item = member(inner, name, problem)
            if isinstance(item, h5py.Group):
                waiting.append((item, depth + 1))
            elif not isinstance(item, h5py.Dataset):
                raise problem(f"{place(inner, name)}: a named type; expected a group or a dataset")
            yield place(inner, name), item
