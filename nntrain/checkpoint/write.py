"""Write a tree so that the old file or the new one is there at any moment, never half of one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.layout import FORMAT, VERSION, Tree
from nntrain.errors import CheckpointError

if TYPE_CHECKING:
    import h5py

__all__ = ["write"]


def write(path: Path, tree: Tree) -> None:
    """Write ``tree`` to a temporary file in the same folder, flush it to the disk, and rename it to ``path``.

    CheckpointError if the disk is full or the folder lost; what stood at ``path`` is then untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        fill(temporary, tree)
        flush(temporary)
        os.replace(temporary, path)
        flush(path.parent)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
        raise CheckpointError(f"{path}: cannot be written: {reason}; what was there before is untouched") from error
    finally:
        temporary.unlink(missing_ok=True)


def fill(path: Path, tree: Tree) -> None:
    """Put the tree into a new HDF5 file."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        for name, value in tree.items():
            put(file, name, value)


def put(group: h5py.Group, name: str, value: Any) -> None:
    """Put one value under its name."""
    import h5py

    if isinstance(value, np.ndarray):
        group.create_dataset(name, data=value)
    elif holds_array(value):
        inner = group.create_group(name)
        inner.attrs["list"] = isinstance(value, list)
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            put(inner, str(key), item)
    else:
        text = json.dumps(value, ensure_ascii=False).encode()
        group.create_dataset(name, data=text, dtype=h5py.string_dtype("utf-8", len(text)))


def holds_array(value: Any) -> bool:
    """Whether there is an array in a dict or a list, however deep."""
    if isinstance(value, dict | list):
        return any(holds_array(item) for item in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, np.ndarray)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
