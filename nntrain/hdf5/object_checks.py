"""Check objects before they are read: in this file, of a supported type, and not larger than their stored bytes."""

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

# Booleans, integers with and without sign, floats; and the maximum bytes of one.
NUMERIC_KINDS = "biuf"
MAX_ITEM_SIZE = 16

# Maximum nesting of groups, and maximum number of objects in a file: hard links may form cycles.
MAX_DEPTH, MAX_OBJECTS = 32, 100_000

# Maximum bytes of the name of an object or attribute.
MAX_NAME_LENGTH = 4096

# Bytes of an open group and dataset in HDF5 and h5py, and the number of copies of a path.
GROUP_BYTES, DATASET_BYTES, PATH_COPIES = 2**10, 2**14, 3


def get_member(group: h5py.Group, name: str, problem: ErrorFactory) -> Any:
    """Return the member of a group; None if there is none. The error if it is a soft or external link."""
    import h5py

    # HDF5 would follow a path, and the links on the way.
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


def find_item(group: h5py.Group, path: str, problem: ErrorFactory) -> Any:
    """Return the object at a path in a group, or None. The error for a link to elsewhere."""
    import h5py

    item: Any = group
    for step in filter(None, path.split("/")):
        item = get_member(item, step, problem) if isinstance(item, h5py.Group) else None
    return item


def read_attribute(item: h5py.Group | h5py.Dataset, name: str, problem: ErrorFactory) -> Any:
    """Read an attribute with one number, boolean or string. The error if it is missing or has another type."""
    with translate_errors(problem):
        if name not in item.attrs:
            raise problem(f"{item.name}: missing attribute {name!r}")
        kept = item.attrs.get_id(name)
        if kept.shape != () or not is_supported_dtype(get_dtype(kept, f"{item.name}: the attribute {name!r}", problem)):
            raise problem(f"{item.name}: the attribute {name!r} is not one number or string")
        value = item.attrs[name]
        return value.item() if hasattr(value, "item") else value


def join_path(group: str, name: str) -> str:
    """Return the path of a member of a group."""
    return f"{group.rstrip('/')}/{name}"


def check_links(group: h5py.Group, problem: ErrorFactory) -> None:
    """The error for a group whose links are filtered."""
    used = get_filters(group)
    if used:
        check_filters(f"{group.name}: the group", used, problem, allowed=False)


def build_link_error(where: str, problem: ErrorFactory) -> NntrainError:
    """Build the error for a soft or external link."""
    return problem(f"{where}: expected a group or a dataset of this file, got a link")


def check_dataset(dataset: h5py.Dataset, problem: ErrorFactory, *, filters: bool = True, fields: bool = False) -> None:
    """The error unless the dataset's numbers or strings are in this file, with the declared size.

    ``fields``: its rows may have fields of numbers and strings.
    """
    import h5py

    with translate_errors(problem):
        where = dataset.name
        dtype, shape = get_dtype(dataset, where, problem), dataset.shape
        parts = [dtype[name].base for name in dtype.names] if fields and dtype.names else [dtype]
        if not all(is_supported_dtype(part) for part in parts):
            raise problem(f"{where}: expected numbers or strings, got {dtype}")
        if shape is None:
            raise problem(f"{where}: expected values, got an empty dataset without a shape")
        plan = dataset.id.get_create_plist()
        if plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count():
            raise problem(f"{where}: expected values in this file, got references to other files")
        used = get_filters(dataset)
        check_filters(where, used, problem, allowed=filters)
        declared = math.prod(shape) * dtype.itemsize
        stored = dataset.id.get_storage_size()
        size = dataset.file.id.get_filesize()
        chunk = math.prod(dataset.chunks or ()) * dtype.itemsize if dataset.chunks else 0
        if stored > size:
            raise problem(f"{where}: declares {stored:,} stored bytes in a file of {size:,}")
        Budget(size, problem).charge(max(dtype.itemsize, chunk - declared), f"one value, or one chunk, of {where}")
        if declared and max(declared, chunk) > stored * (MAX_RATIO if used else 1):
            raise problem(f"{where}: declares {shape} values of {dtype}, {declared:,} bytes, but {stored:,} are stored")


def is_supported_dtype(dtype: Any) -> bool:
    """Whether elements are numbers, booleans or strings."""
    import h5py

    if dtype.kind in NUMERIC_KINDS:
        return bool(dtype.itemsize <= MAX_ITEM_SIZE)
    return dtype.kind == "S" or h5py.check_string_dtype(dtype) is not None


def iterate_objects(group: h5py.Group, problem: ErrorFactory, *, foreign: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield every group and dataset below a group, with its path, without reading values. Datasets have a numpy type.

    The error for groups that are nested too deep, for too many objects or too long names, and for other objects, which
    are skipped if ``foreign`` ones are allowed.
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
            raise problem(f"{where}: groups are nested more than {MAX_DEPTH} deep")
        for name, hard in links.items():
            count += 1
            if count > MAX_OBJECTS:
                raise problem(f"expected at most {MAX_OBJECTS:,} groups and datasets, got more")
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
    """Open the group or dataset at the hard link ``name`` of a checked group.

    The error for a named type, and for values without a numpy type. h5py's lookup searches the name three times, which
    is slow for thousands of names.
    """
    import h5py

    with translate_errors(problem):
        found = h5py.h5o.open(group.id, name.encode())
        kind = h5py.h5i.get_type(found)
        if kind == h5py.h5i.GROUP:
            return h5py.Group(found)
        if kind != h5py.h5i.DATASET:
            raise problem(f"{where}: expected a group or a dataset, got a named type")
        dataset = h5py.Dataset(found)
        get_dtype(dataset, where, problem)
        return dataset


def get_dtype(values: h5py.Dataset | h5py.h5a.AttrID, where: str, problem: ErrorFactory) -> Any:
    """Return numpy's type of the values. The error if there is none (HDF5 times), or a field name is not UTF-8."""
    try:
        return values.dtype
    except UnicodeDecodeError as error:
        raise problem(f"{where}: the name of a field is not UTF-8: {escape_bytes(error.object)}") from None
    except (NotImplementedError, TypeError) as error:
        raise problem(f"{where}: expected numbers or strings, got another type: {error}") from None


def list_links(group: h5py.Group, problem: ErrorFactory, budget: Budget) -> dict[str, bool]:
    """Return the names in a group, each with whether it is a hard link."""
    import h5py

    check_links(group, problem)
    tracked = group.id.get_create_plist().get_link_creation_order() & h5py.h5p.CRT_ORDER_TRACKED
    order = h5py.h5.INDEX_CRT_ORDER if tracked else h5py.h5.INDEX_NAME
    links = {}
    for name, kind in collect_names(
        lambda keep: group.id.links.iterate(keep, info=True, idx_type=order), problem, budget
    ):
        if b"/" in name:
            raise problem(f"{group.name}: expected the name of a member, got {name[:40]!r} with a slash")
        links[decode_utf8(name, f"{group.name}: a name", problem)] = kind == h5py.h5l.TYPE_HARD
    return links


def collect_names(iterate: Callable[[Callable[..., Any]], object], problem: ErrorFactory, budget: Budget) -> list[Any]:
    """Collect the names that ``iterate`` passes to a function: of links, each with its type, or of attributes.

    The error for names that are too long or too many.
    """
    found: list[Any] = []
    errors: list[NntrainError] = []

    def keep(name: bytes, info: Any = None) -> bool | None:
        try:
            if len(name) > MAX_NAME_LENGTH:
                raise problem(f"expected names of at most {MAX_NAME_LENGTH:,} bytes, got {len(name):,}")
            budget.charge(PATH_COPIES * len(name), "the names in it")
        except NntrainError as error:
            # An exception must not pass through HDF5; any result except None stops the iteration.
            errors.append(error)
            return True
        # h5py reuses one object for all links.
        found.append((name, info and info.type))
        return None

    iterate(keep)
    if errors:
        raise errors[0]
    return found
