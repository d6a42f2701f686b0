"""Write a tree atomically: at any moment either the old file or the complete new one exists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.layout import COMPLETE_MARK, FORMAT, VERSION, Tree
from nntrain.checkpoint.stored_arrays import DIGEST_THREADS, is_array_stored, start_digest
from nntrain.errors import CheckpointError
from nntrain.files.atomic_write import flush_to_disk, write_atomically
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.system_limits import format_os_error

if TYPE_CHECKING:
    import h5py

# An array, or the JSON of a value, by its path in the file.
FlatTree = dict[str, np.ndarray[Any, Any]]

# Types that are or may contain arrays.
CONTAINER_TYPES = (dict, list, np.ndarray)


def write_checkpoint(path: Path, tree: Tree, *, private: bool = False) -> None:
    """Write ``tree`` to a temporary file in the same folder, flush and verify it, and rename it to ``path``.

    CheckpointError if the written file differs, the disk is full or the folder is missing; the old file at ``path`` is
    then unchanged. ``private``: only this user may read it.
    """
    try:
        with (
            write_atomically(path, private=private) as temporary,
            ThreadPoolExecutor(DIGEST_THREADS, "checkpoint") as pool,
        ):
            items = dict(flatten_tree(tree))
            if f"/{COMPLETE_MARK}" in items:
                raise CheckpointError(
                    f"{path}: the name {COMPLETE_MARK!r} is reserved for the checksums; rename the value"
                )
            marks = {key: start_digest(item, pool) for key, item in items.items()}
            write_items(temporary, items, find_lists(tree), marks)
            flushed = pool.submit(flush_to_disk, temporary)
            verify_file(path, temporary, items)
            flushed.result()
    except OSError as error:
        raise CheckpointError(
            f"{path}: cannot be written: {format_os_error(error)}; the old file is unchanged"
        ) from error


def flatten_tree(value: Any, path: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Yield the arrays of a tree, and the rest of it as JSON strings, each with its path."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif has_array(value) or not path:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flatten_tree(item, f"{path}/{key}")
    else:
        yield path, to_json_bytes(value)


def find_lists(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of the lists that contain arrays."""
    if not isinstance(value, dict | list) or not has_array(value):
        return
    if isinstance(value, list):
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from find_lists(item, f"{path}/{key}")


def has_array(value: Any) -> bool:
    """Whether a value is an array, or a dict or a list that contains one at any depth."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        # For the state of a wide table, a call for each plain value would take longer than writing it.
        return any(has_array(item) for item in items if isinstance(item, CONTAINER_TYPES))
    return isinstance(value, np.ndarray)


def write_items(path: Path, items: FlatTree, lists: Iterator[str], marks: Mapping[str, Callable[[], Any]]) -> None:
    """Write everything to a new HDF5 file, and the checksums last."""
    import h5py

    # The format of HDF5 1.10 also has checksums of names, types and shapes.
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        for name, item in items.items():
            write_item(file, name, item)
        for name in lists:
            file[name].attrs["list"] = True
        file.flush()
        write_item(file, f"/{COMPLETE_MARK}", to_json_bytes({name: mark() for name, mark in marks.items()}))


def write_item(file: h5py.File, name: str, item: np.ndarray[Any, Any]) -> None:
    """Write one dataset and create its groups."""
    import h5py

    if item.dtype.kind == "S":
        file.create_dataset(name, data=item[()], dtype=h5py.string_dtype("utf-8", item.itemsize))
    else:
        file.create_dataset(name, data=item)


def to_json_bytes(value: Any) -> np.ndarray[Any, Any]:
    """Return a value as the JSON bytes to store."""
    return np.array(json.dumps(value, ensure_ascii=False).encode())


def verify_file(path: Path, written: Path, items: FlatTree) -> None:
    """CheckpointError unless the written file contains all items."""
    import h5py

    with h5py.File(written, "r") as file, open(written, "rb", buffering=0) as raw:
        for name, item in items.items():
            if not is_array_stored(raw, file[name], item):
                raise CheckpointError(f"{path}: the disk returns other bytes than were written, at {name}")
