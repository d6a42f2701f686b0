"""Mutated files that look whole: checksums that fit what is in them, and HDF5's form that has none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from nntrain.checkpoint.layout import COMPLETE_MARK
from nntrain.checkpoint.stored_arrays import compute_digest
from nntrain.checkpoint.writing import to_json_bytes
from tests.fuzz.hdf5_mutations import REFUSALS

__all__ = ["rewrite", "sign"]


def rewrite(path: Path) -> None:
    """The same in HDF5's oldest form, whose names, types and shapes have no checksums."""
    old = path.with_suffix(".old")
    with h5py.File(path) as source, h5py.File(old, "w", libver=("earliest", "v108")) as target:
        for name in source:
            source.copy(name, target)
        target.attrs.update(source.attrs)
    old.replace(path)


def sign(path: Path) -> None:
    """Make the checksums of a checkpoint fit to what is in it."""
    with h5py.File(path, "r+") as file:
        if "nntrain" not in file and "network" not in file:
            return
        marks: dict[str, Any] = {}
        for name, item in (found for found in walk(file, 0) if found[0] != f"/{COMPLETE_MARK}"):
            with suppress(*REFUSALS):
                marks[name] = compute_digest(np.asarray(item[()])) if item.size and item.size < 10**6 else {}
        if COMPLETE_MARK in file:
            del file[COMPLETE_MARK]
        file[COMPLETE_MARK] = to_json_bytes(marks)[()]


def walk(group: h5py.Group, depth: int) -> Iterator[tuple[str, h5py.Dataset]]:
    """Every dataset that is here, by each of its ways of at most 12 steps."""
    for name in group if depth < 12 else ():
        if isinstance(group.get(name, getlink=True), h5py.HardLink):
            item = group[name]
            if isinstance(item, h5py.Group):
                yield from walk(item, depth + 1)
            elif (
                isinstance(item, h5py.Dataset)
                and item.dtype.kind in "biufS"
                and not item.is_virtual
                and not item.external
            ):
                yield f"{group.name.rstrip('/')}/{name}", item
