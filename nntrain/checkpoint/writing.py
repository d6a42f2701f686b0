"""Write a tree so that the old file or the new one is there at any moment, never half of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.digest import DIGEST_THREADS, start_digest
from nntrain.checkpoint.layout import COMPLETE_MARK, FORMAT, VERSION, Tree
from nntrain.checkpoint.stored_arrays import is_array_stored
from nntrain.errors import CheckpointError
from nntrain.files.atomic_write import flush_to_disk, write_atomically
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.system_limits import format_os_error

if TYPE_CHECKING:
    import h5py

__all__ = ["write_checkpoint"]

# An array, or the JSON of a value, at its place in the file.
FlatTree = dict[str, np.ndarray[Any, Any]]

# What is an array, or may have one in it.
CONTAINER_TYPES = (dict, list, np.ndarray)


def write_checkpoint(path: Path, tree: Tree, *, private: bool = False) -> None:
    """Write ``tree`` to a temporary file in the same folder, read it again, and rename it to ``path``.

    What is renamed has been flushed to the disk, and holds what it should. CheckpointError if it does not, if the disk
    is full or the folder lost; what stood at ``path`` is then untouched. ``private``: only this user may read it.
    """
    try:
        with (
            write_atomically(path, private=private) as temporary,
            ThreadPoolExecutor(DIGEST_THREADS, "checkpoint") as pool,
        ):
            items = dict(flatten_tree(tree))
            if f"/{COMPLETE_MARK}" in items:
                raise CheckpointError(f"{path}: {COMPLETE_MARK!r} is the name of the last mark, not of a value")
            marks = {place: start_digest(item, pool) for place, item in items.items()}
            write_items(temporary, items, find_lists(tree), marks)
            flushed = pool.submit(flush_to_disk, temporary)
            verify_file(path, temporary, items)
            flushed.result()
    except OSError as error:
        raise CheckpointError(
            f"{path}: cannot be written: {format_os_error(error)}; what was there before is untouched"
        ) from error


def flatten_tree(value: Any, place: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """The arrays of a tree, and the rest of it as texts, each with its place."""
    if isinstance(value, np.ndarray):
        yield place, value
    elif has_array(value) or not place:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flatten_tree(item, f"{place}/{key}")
    else:
        yield place, to_json_bytes(value)


def find_lists(value: Any, place: str = "") -> Iterator[str]:
    """The places of the lists that hold arrays."""
    if not isinstance(value, dict | list) or not has_array(value):
        return
    if isinstance(value, list):
        yield place
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from find_lists(item, f"{place}/{key}")


def has_array(value: Any) -> bool:
    """Whether there is an array in a dict or a list, however deep."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        # The state of a wide table is made of plain values, of which a call each would take longer than to write it.
        return any(has_array(item) for item in items if isinstance(item, CONTAINER_TYPES))
    return isinstance(value, np.ndarray)


def write_items(path: Path, items: FlatTree, lists: Iterator[str], marks: Mapping[str, Callable[[], Any]]) -> None:
    """Put everything into a new HDF5 file, and last the mark that says so."""
    import h5py

    # The format of HDF5 1.10 has checksums of its own over names, types and shapes.
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        for place, item in items.items():
            write_item(file, place, item)
        for place in lists:
            file[place].attrs["list"] = True
        file.flush()
        write_item(file, f"/{COMPLETE_MARK}", to_json_bytes({place: mark() for place, mark in marks.items()}))


def write_item(file: h5py.File, place: str, item: np.ndarray[Any, Any]) -> None:
    """One dataset, in groups that are made for it."""
    import h5py

    if item.dtype.kind == "S":
        file.create_dataset(place, data=item[()], dtype=h5py.string_dtype("utf-8", item.itemsize))
    else:
        file.create_dataset(place, data=item)


def to_json_bytes(value: Any) -> np.ndarray[Any, Any]:
    """JSON as it is stored."""
    return np.array(json.dumps(value, ensure_ascii=False).encode())


def verify_file(path: Path, written: Path, items: FlatTree) -> None:
    """CheckpointError unless the file holds what it should."""
    import h5py

    with h5py.File(written, "r") as file, open(written, "rb", buffering=0) as raw:
        for place, item in items.items():
            if not is_array_stored(raw, file[place], item):
                raise CheckpointError(f"{path}: what was written is not what the disk gives back, at {place}")
