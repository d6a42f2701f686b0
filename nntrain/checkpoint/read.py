"""Read a checkpoint back as the tree that was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.layout import FORMAT, VERSION, Tree
from nntrain.errors import CheckpointError

if TYPE_CHECKING:
    import h5py

__all__ = ["read"]


def read(path: Path) -> Tree:
    """The tree of a checkpoint. CheckpointError if there is none, or it is damaged, foreign or newer."""
    import h5py

    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")
    try:
        with h5py.File(path, "r") as file:
            check(path, file)
            return tree_of(path, file)
    except OSError as error:
        raise CheckpointError(f"{path}: not a checkpoint, or a damaged one: {str(error).splitlines()[0]}") from error


def check(path: Path, file: h5py.File) -> None:
    """Refuse what was written by something else, or by a later version."""
    if file.attrs.get("format") != FORMAT:
        raise CheckpointError(f"{path}: an HDF5 file, but not a checkpoint of nntrain")
    version = int(file.attrs.get("version", 0))
    if not 1 <= version <= VERSION:
        raise CheckpointError(f"{path}: format version {version}, readable here up to {VERSION}: update nntrain")


def tree_of(path: Path, group: h5py.Group) -> Tree:
    """The dict that a group is."""
    return {name: value_of(path, group, name) for name in group}


def value_of(path: Path, group: h5py.Group, name: str) -> Any:
    """One value: the tree of a group, the array of a dataset, the JSON of a text. Links are not followed."""
    import h5py

    place = f"{group.name.rstrip('/')}/{name}"
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise CheckpointError(f"{path}: {place} is a link to somewhere else")
    item = group[name]
    if isinstance(item, h5py.Group):
        inner = tree_of(path, item)
        return [inner[str(index)] for index in range(len(inner))] if item.attrs.get("list") else inner
    if item.dtype.kind in "fiub":
        return np.asarray(item[()])
    if item.dtype.kind != "S" or item.shape != ():
        raise CheckpointError(f"{path}: {place}: expected numbers or a text, got type {item.dtype}")
    try:
        return json.loads(item[()])
    except ValueError as error:
        raise CheckpointError(f"{path}: {place}: damaged text: {error}") from error
