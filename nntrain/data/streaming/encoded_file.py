"""Encoded rows of every part in one HDF5 file, with the schema that encoded them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from nntrain.data.array_schema import ArraySchema
from nntrain.data.restored import restored_schema
from nntrain.data.schema import Schema
from nntrain.data.streaming.checked_contents import read_contents
from nntrain.data.streaming.checked_dataset import CheckedDataset
from nntrain.data.streaming.damaged_cache_error import DamagedCacheError
from nntrain.data.streaming.stored_array import StoredArray
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.errors import NntrainError
from nntrain.hdf5.guard import check_dataset, objects
from nntrain.hdf5.opened import Problem, damaged, open_file

__all__ = ["VERSION", "EncodedFile", "as_json"]

# Changes whenever the same data would be encoded or laid out in another way: older files are then not found.
VERSION = 5

# Bytes of blocks that HDF5 keeps in memory.
KEPT = 2**22

Found = TypeVar("Found")


class EncodedFile:
    """An open file of encoded rows, whose checksums are compared as it is read.

    Its contents are the version, the key, the schema, notes, and of each part whether its inputs are a list, the rows
    of a block, and the type, the shape and the checksums of its arrays.

    ``key``: what it follows from, as the cache says. ``renewed``: builds the file again where rows turn out to be
    damaged, and opens it; until it is set, that is an error. DamagedCacheError for a file that cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.renewed: Callable[[EncodedFile, str], EncodedFile] | None = None
        self._lock = Lock()
        problem = problem_of(path)
        self._file = open_file(path, problem, KEPT, own=True)
        try:
            with damaged(problem):
                found = dict(objects(self._file, problem))
                contents = contents_of(found, problem)
                self._parts: dict[str, Any] = contents["parts"]
                self._datasets = checked(found, self._parts, problem)
                self.schema: Schema | ArraySchema = restored_schema(json.loads(contents["schema"]))
                self.key: str = contents["key"]
                self.notes: list[str] = contents["notes"]
        except DamagedCacheError:
            self._file.close()
            raise
        except NntrainError as error:
            self._file.close()
            raise problem(str(error)) from error

    def close(self) -> None:
        """Close the file, of which nothing is read any more."""
        self._file.close()

    @property
    def parts(self) -> dict[str, StoredPart]:
        """The parts by name. They keep the file open."""
        return {name: self._part(name, told) for name, told in self._parts.items()}

    def read(self, name: str, read: Callable[[CheckedDataset], Found]) -> Found:
        """What ``read`` gives of a dataset, after the file was built again if that is damaged."""
        datasets = self._datasets
        # An error that is kept keeps the file open: of this one, the text is enough.
        try:
            return read(datasets[name])
        except DamagedCacheError as error:
            damage = str(error)
        except (OSError, ValueError, RuntimeError) as error:
            damage = str(problem_of(self.path)(f"{name}: {next(iter(str(error).splitlines()), '')}"))
        with self._lock:
            if self._datasets is datasets:  # nobody else has built it again meanwhile
                if self.renewed is None:
                    raise DamagedCacheError(damage)
                new = self.renewed(self, damage)
                self.path, self._file, self._datasets = new.path, new._file, new._datasets
        return read(self._datasets[name])

    def _part(self, part: str, told: Mapping[str, Any]) -> StoredPart:
        # They are what a part has for arrays: a shape, a type and slices.
        arrays: dict[str, Any] = {
            name: StoredArray(self, f"{part}/{name}", tuple(array["shape"]), np.dtype(array["dtype"]))
            for name, array in told["arrays"].items()
        }
        names = sorted((name for name in arrays if name.startswith("inputs")), key=lambda name: int(name[6:]))
        inputs = [arrays[name] for name in names]
        targets, weights = arrays["targets"], arrays.get("weights")
        return StoredPart(inputs if told["table"] else inputs[0], targets, len(targets), told["block"], weights=weights)


def problem_of(path: Path) -> Callable[[str], DamagedCacheError]:
    """What makes the error of a file."""
    return lambda what: DamagedCacheError(f"the cache file {path} is damaged ({what})")


def contents_of(found: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """All that is not rows, of the objects of a file."""
    contents = read_contents(found, problem)
    if contents["version"] != VERSION:
        raise problem(f"it is of version {contents['version']}, expected {VERSION}")
    for item in found.values():
        if hasattr(item, "shape"):
            check_dataset(item, problem, filters=False)
    return contents


def checked(found: Mapping[str, Any], parts: Mapping[str, Any], problem: Problem) -> dict[str, CheckedDataset]:
    """The datasets of rows, which must be of the types and shapes that they were written with."""
    datasets = {}
    for part, told in parts.items():
        for name, array in told["arrays"].items():
            dataset = found.get(f"/{part}/{name}")
            if dataset is None or [dataset.dtype.str, list(dataset.shape)] != [array["dtype"], array["shape"]]:
                raise problem(f"{part}/{name}")
            datasets[f"{part}/{name}"] = CheckedDataset(dataset, array["crc32"], told["block"], problem)
    return datasets


def as_json(state: Any) -> str:
    """The state of a schema as text, numbers to the last bit."""
    return json.dumps(state, default=lambda array: array.tolist(), sort_keys=True)
