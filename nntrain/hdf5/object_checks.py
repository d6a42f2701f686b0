"""What a dataset must be before it is read: in this file, of a known type, and no larger than what is stored."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.filters import MAX_RATIO, check_filters, get_filters
from nntrain.hdf5.texts import decode_utf8, escape_bytes

if TYPE_CHECKING:
    import h5py

__all__ = [
    "check_dataset",
    "collect_names",
    "get_dtype",
    "get_member",
    "is_supported_dtype",
    "iterate_objects",
    "read_attribute",
]

# Elements of numbers have at most so many bytes.
MAX_ITEM_SIZE = 16

# How deep groups may lie in each other, and how many objects a file may have: hard links may make rings.
MAX_DEPTH, MAX_OBJECTS = 32, 100_000

# Bytes of the name of an object or attribute.
MAX_NAME_LENGTH = 4096

# Bytes that HDF5 and h5py take for an open group and dataset, and for a path how often it is kept.
GROUP_BYTES, DATASET_BYTES, PATH_COPIES = 2**10, 2**14, 3


def get_member(group: h5py.Group, name: str, problem: ErrorFactory) -> Any:
    """What lies at a name in a group; None if there is nothing. The error if it is a link to somewhere else."""
    import h5py

    # HDF5 would follow a path, and links on the way.
    if "/" in name:
        return None
    with translate_errors(problem):
        check_links(group, problem)
        link = group.get(name, getlink=True)
        if link is None:
            return None
        if not isinstance(link, h5py.HardLink):
            raise build_link_error(join_path(group.name, name), problem)
        return group[name]


def read_attribute(item: h5py.Group | h5py.Dataset, name: str, problem: ErrorFactory) -> Any:
    """One number, truth value or text beside a group or dataset. The error if it is not there, or something else."""
    with translate_errors(problem):
        if name not in item.attrs:
            raise problem(f"{item.name}: has no attribute {name!r}")
        kept = item.attrs.get_id(name)
        if kept.shape != () or not is_supported_dtype(get_dtype(kept, f"{item.name}: the attribute {name!r}", problem)):
            raise problem(f"{item.name}: the attribute {name!r} is not one number or text")
        value = item.attrs[name]
        return value.item() if hasattr(value, "item") else value


def join_path(group: str, name: str) -> str:
    """The path of a member of a group."""
    return f"{group.rstrip('/')}/{name}"


def check_links(group: h5py.Group, problem: ErrorFactory) -> None:
    """The error for a group whose links are filtered."""
    used = get_filters(group)
    if used:
        check_filters(f"{group.name}: the group", used, problem, allowed=False)


def build_link_error(where: str, problem: ErrorFactory) -> NntrainError:
    """The error for a link out of the file, or to another of its names."""
    return problem(f"{where}: a link to somewhere else; expected a group or a dataset of this file")


def check_dataset(dataset: h5py.Dataset, problem: ErrorFactory, *, filters: bool = True, fields: bool = False) -> None:
    """The error unless the dataset's numbers or texts are in this file, and are as many as it declares.

    With ``fields`` its rows are fields of numbers and texts.
    """
    import h5py

    with translate_errors(problem):
        where = dataset.name
        dtype, shape = get_dtype(dataset, where, problem), dataset.shape
        parts = [dtype[name].base for name in dtype.names] if fields and dtype.names else [dtype]
        if not all(is_supported_dtype(part) for part in parts):
            raise problem(f"{where}: holds {dtype}; expected numbers or texts")
        if shape is None:
            raise problem(f"{where}: an empty dataset without a shape")
        plan = dataset.id.get_create_plist()
        if plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count():
            raise problem(f"{where}: keeps its values in other files; expected them in this one")
        used = get_filters(dataset)
        check_filters(where, used, problem, allowed=filters)
        declared = math.prod(shape) * dtype.itemsize
        stored = dataset.id.get_storage_size()
        size = dataset.file.id.get_filesize()
        chunk = math.prod(dataset.chunks or ()) * dtype.itemsize if dataset.chunks else 0
        if stored > size:
            raise problem(f"{where}: claims {stored:,} bytes of a file of {size:,}")
        Budget(size, problem).charge(max(dtype.itemsize, chunk - declared), f"one value, or one chunk, of {where}")
        if declared and max(declared, chunk) > stored * (MAX_RATIO if used else 1):
            raise problem(f"{where}: declares {shape} values of {dtype}, {declared:,} bytes, but {stored:,} are stored")


def is_supported_dtype(dtype: Any) -> bool:
    """Whether elements are numbers, booleans or texts."""
    import h5py

    if dtype.kind in "biuf":
        return bool(dtype.itemsize <= MAX_ITEM_SIZE)
    return dtype.kind == "S" or h5py.check_string_dtype(dtype) is not None


def iterate_objects(group: h5py.Group, problem: ErrorFactory, *, foreign: bool = False) -> Iterator[tuple[str, Any]]:
    """Every group and dataset below a group, with its path, looked at but not read. Datasets have a type of numpy.

    The error for what lies too deep, for too many of them or too long names, and for anything else, which is left out
    if ``foreign`` objects do not matter.
    """
    import h5py

    budget = Budget.of(group, problem)
    waiting = [(group.name or "/", group, 0)]
    count = 0
    while waiting:
        where, inner, depth = waiting.pop()
        with translate_errors(problem):
            links = list_links(inner, problem, budget)
        if depth == MAX_DEPTH and links:
            raise problem(f"{where}: groups lie more than {MAX_DEPTH} deep in each other")
        for name, hard in links.items():
            count += 1
            if count > MAX_OBJECTS:
                raise problem(f"holds more than {MAX_OBJECTS:,} groups and datasets")
            path = join_path(where, name)
            budget.charge(PATH_COPIES * len(path), "the paths in it")
            if not hard:
                if foreign:
                    continue
                raise build_link_error(path, problem)
            try:
                item = open_member(inner, name, path, problem)
            except NntrainError as error:
                if foreign and error.__cause__ is None:
                    continue
                raise
            if isinstance(item, h5py.Group):
                waiting.append((path, item, depth + 1))
            budget.charge(
                GROUP_BYTES if isinstance(item, h5py.Group) else DATASET_BYTES, "the groups and datasets in it"
            )
            yield path, item


def open_member(group: h5py.Group, name: str, where: str, problem: ErrorFactory) -> Any:
    """The group or dataset at the hard link ``name`` of a group that was checked.

    The error for a named type, and for values of which numpy has no type. h5py's own way looks the name up three
    times, which is felt where there are thousands.
    """
    import h5py

    with translate_errors(problem):
        found = h5py.h5o.open(group.id, name.encode())
        kind = h5py.h5i.get_type(found)
        if kind == h5py.h5i.GROUP:
            return h5py.Group(found)
        if kind != h5py.h5i.DATASET:
            raise problem(f"{where}: a named type; expected a group or a dataset")
        dataset = h5py.Dataset(found)
        get_dtype(dataset, where, problem)
        return dataset


def get_dtype(values: h5py.Dataset | h5py.h5a.AttrID, where: str, problem: ErrorFactory) -> Any:
    """numpy's type for the values. The error if it has none, as for times of HDF5, or a field's name is not UTF-8."""
    try:
        return values.dtype
    except UnicodeDecodeError as error:
        raise problem(f"{where}: the name of a field is not UTF-8: {escape_bytes(error.object)}") from None
    except (NotImplementedError, TypeError) as error:
        raise problem(f"{where}: holds values of another type than numbers or texts: {error}") from None


def list_links(group: h5py.Group, problem: ErrorFactory, budget: Budget) -> dict[str, bool]:
    """The names in a group, each with whether it is that of an object in the group, and not of one elsewhere."""
    import h5py

    check_links(group, problem)
    tracked = group.id.get_create_plist().get_link_creation_order() & h5py.h5p.CRT_ORDER_TRACKED
    order = h5py.h5.INDEX_CRT_ORDER if tracked else h5py.h5.INDEX_NAME
    links = {}
    for name, kind in collect_names(
        lambda keep: group.id.links.iterate(keep, info=True, idx_type=order), problem, budget
    ):
        if b"/" in name:
            raise problem(f"{group.name}: the name {name[:40]!r} has a slash in it; expected the name of a member")
        links[decode_utf8(name, f"{group.name}: a name in it", problem)] = kind == h5py.h5l.TYPE_HARD
    return links


def collect_names(iterate: Callable[[Callable[..., Any]], object], problem: ErrorFactory, budget: Budget) -> list[Any]:
    """What ``iterate`` gives to a function: names of links, each with its type, or of attributes.

    The error for names that are too long, or too many.
    """
    found: list[Any] = []
    errors: list[NntrainError] = []

    def keep(name: bytes, info: Any = None) -> bool | None:
        try:
            if len(name) > MAX_NAME_LENGTH:
                raise problem(f"has a name of {len(name):,} bytes; expected at most {MAX_NAME_LENGTH:,}")
            budget.charge(PATH_COPIES * len(name), "the names in it")
        except NntrainError as error:
            # An error must not pass through HDF5; anything but None ends the listing.
            errors.append(error)
            return True
        # h5py fills the same object for every link.
        found.append((name, info and info.type))
        return None

    iterate(keep)
    if errors:
        raise errors[0]
    return found
