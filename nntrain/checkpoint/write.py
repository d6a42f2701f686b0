"""Write a tree so that the old file or the new one is there at any moment, never half of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.digest import THREADS, begun
from nntrain.checkpoint.layout import FORMAT, MARK, VERSION, Tree
from nntrain.checkpoint.stored import holds
from nntrain.errors import CheckpointError
from nntrain.files.whole_file import flush, whole_file
from nntrain.hdf5.sink import Sink
from nntrain.refusal import reason_of

if TYPE_CHECKING:
    import h5py

__all__ = ["write"]

# An array, or the JSON of a value, at its place in the file.
Items = dict[str, np.ndarray[Any, Any]]

# What is an array, or may have one in it.
CAN_HOLD = (dict, list, np.ndarray)


def write(path: Path, tree: Tree, *, private: bool = False) -> None:
    """Write ``tree`` to a temporary file in the same folder, read it again, and rename it to ``path``.

    What is renamed has been flushed to the disk, and holds what it should. CheckpointError if it does not, if the disk
    is full or the folder lost; what stood at ``path`` is then untouched. ``private``: only this user may read it.
    """
    try:
        with whole_file(path, private=private) as temporary, ThreadPoolExecutor(THREADS, "checkpoint") as pool:
            items = dict(items_of(tree))
            if f"/{MARK}" in items:
                raise CheckpointError(f"{path}: {MARK!r} is the name of the last mark, not of a value")
            marks = {place: begun(item, pool) for place, item in items.items()}
            fill(temporary, items, lists_of(tree), marks)
            flushed = pool.submit(flush, temporary)
            verify(path, temporary, items)
            flushed.result()
    except OSError as error:
        raise CheckpointError(
            f"{path}: cannot be written: {reason_of(error)}; what was there before is untouched"
        ) from error


def items_of(value: Any, place: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """The arrays of a tree, and the rest of it as texts, each with its place."""
    if isinstance(value, np.ndarray):
        yield place, value
    elif holds_array(value) or not place:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from items_of(item, f"{place}/{key}")
    else:
        yield place, text(value)


def lists_of(value: Any, place: str = "") -> Iterator[str]:
    """The places of the lists that hold arrays."""
    if not isinstance(value, dict | list) or not holds_array(value):
        return
    if isinstance(value, list):
        yield place
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from lists_of(item, f"{place}/{key}")


def holds_array(value: Any) -> bool:
    """Whether there is an array in a dict or a list, however deep."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        # The state of a wide table is made of plain values, of which a call each would take longer than to write it.
        return any(holds_array(item) for item in items if isinstance(item, CAN_HOLD))
    return isinstance(value, np.ndarray)


def fill(path: Path, items: Items, lists: Iterator[str], marks: Mapping[str, Callable[[], Any]]) -> None:
    """Put everything into a new HDF5 file, and last the mark that says so."""
    import h5py

    # The format of HDF5 1.10 has checksums of its own over names, types and shapes.
    with Sink(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        for place, item in items.items():
            put(file, place, item)
        for place in lists:
            file[place].attrs["list"] = True
        file.flush()
        put(file, f"/{MARK}", text({place: mark() for place, mark in marks.items()}))


def put(file: h5py.File, place: str, item: np.ndarray[Any, Any]) -> None:
    """One dataset, in groups that are made for it."""
    import h5py

    if item.dtype.kind == "S":
        file.create_dataset(place, data=item[()], dtype=h5py.string_dtype("utf-8", item.itemsize))
    else:
        file.create_dataset(place, data=item)


def text(value: Any) -> np.ndarray[Any, Any]:
    """JSON as it is stored."""
    return np.array(json.dumps(value, ensure_ascii=False).encode())


def verify(path: Path, written: Path, items: Items) -> None:
    """CheckpointError unless the file holds what it should."""
    import h5py

    with h5py.File(written, "r") as file, open(written, "rb", buffering=0) as raw:
        for place, item in items.items():
            if not holds(raw, file[place], item):
                raise CheckpointError(f"{path}: what was written is not what the disk gives back, at {place}")
