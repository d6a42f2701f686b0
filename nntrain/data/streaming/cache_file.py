"""The encoded rows of every set in one HDF5 file, with the preprocessor that encoded them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import EllipsisType
from typing import Any, ClassVar, TypeVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.sampler import Sampler
from nntrain.data.streaming.block_sampler import BlockSampler
from nntrain.data.streaming.checksummed_array import ChecksummedArray, read_contents
from nntrain.errors import DataError, NntrainError
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import check_dataset, iterate_objects
from nntrain.hdf5.opening import open_hdf5_file

# Changes with the encoding and the layout of the file, so that older files are not found.
VERSION = 5

# Bytes that HDF5 keeps in memory.
HDF5_CACHE_SIZE = 2**22

Result = TypeVar("Result")


class CorruptCacheError(DataError):
    """A cache file that is corrupt, incomplete or of another version, and must be rebuilt."""


class CacheFile:
    """An open file of encoded rows. Every read is compared with checksums.

    The file contains the version, the key, the state of the preprocessor, notes, and for each set whether its inputs
    are a list, the rows of a block, and the type, the shape and the checksums of its arrays.

    ``key``: the hash of all that the rows follow from. ``rebuild``: builds and opens the file again if rows are
    corrupt; while it is None, that is an error. CorruptCacheError for a file that cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rebuild: Callable[[CacheFile, str], CacheFile] | None = None
        self._lock = Lock()
        problem = build_error_factory(path)
        self._file = open_hdf5_file(path, problem, HDF5_CACHE_SIZE, own=True)
        try:
            with translate_errors(problem):
                found = dict(iterate_objects(self._file, problem))
                contents = read_contents(found, problem)
                if contents["version"] != VERSION:
                    raise problem(f"expected version {VERSION}, got {contents['version']}")
                for item in found.values():
                    if hasattr(item, "shape"):
                        check_dataset(item, problem, filters=False)
                self._sets: dict[str, Any] = contents["parts"]
                self._datasets = open_checksummed_arrays(found, self._sets, problem)
                self.preprocessor: Preprocessor = restore_preprocessor(json.loads(contents["schema"]))
                self.key: str = contents["key"]
                self.notes: list[str] = contents["notes"]
        except NntrainError as error:
            self._file.close()
            if isinstance(error, CorruptCacheError):
                raise
            raise problem(str(error)) from error

    def close(self) -> None:
        """Close the file. Its datasets cannot be read afterwards."""
        self._file.close()

    @property
    def datasets(self) -> dict[str, CachedDataset]:
        """The sets by name, which keep the file open."""
        return {name: self._build_dataset(name, contents) for name, contents in self._sets.items()}

    def read(self, name: str, read: Callable[[ChecksummedArray], Result]) -> Result:
        """Return ``read`` of a dataset, after rebuilding the file if it is corrupt."""
        datasets = self._datasets
        # Only the message is kept: the error itself would keep the file open.
        try:
            return read(datasets[name])
        except CorruptCacheError as error:
            problem = str(error)
        except (OSError, ValueError, RuntimeError) as error:
            problem = str(build_error_factory(self.path)(f"{name}: {next(iter(str(error).splitlines()), '')}"))
        with self._lock:
            if self._datasets is datasets:  # no other thread has rebuilt the file meanwhile
                if self.rebuild is None:
                    raise CorruptCacheError(problem)
                new = self.rebuild(self, problem)
                self.path, self._file, self._datasets = new.path, new._file, new._datasets
        return read(self._datasets[name])

    def _build_dataset(self, split: str, contents: Mapping[str, Any]) -> CachedDataset:
        # They have the interface that a dataset needs: a shape, a type and slices.
        arrays: dict[str, Any] = {
            name: CachedArray(self, f"{split}/{name}", tuple(array["shape"]), np.dtype(array["dtype"]))
            for name, array in contents["arrays"].items()
        }
        names = sorted((name for name in arrays if name.startswith("inputs")), key=lambda name: int(name[6:]))
        inputs = [arrays[name] for name in names]
        targets, weights = arrays["targets"], arrays.get("weights")
        return CachedDataset(
            inputs if contents["table"] else inputs[0], targets, len(targets), contents["block"], weights=weights
        )


@dataclass(frozen=True)
class CachedDataset(Dataset):
    """A dataset of ``CachedArray``s. ``block``: the number of rows that are stored next to each other."""

    is_streamed: ClassVar[bool] = True

    block: int

    def create_sampler(self, seed: int, max_rows: int, convert: Callable[[Array], Array]) -> Sampler:
        return BlockSampler(self, seed, max_rows, convert)


class CachedArray:
    """The array ``name`` of a file: its shape and its type, and slices that are arrays."""

    def __init__(self, file: CacheFile, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.file = file
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.ndim = len(shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | EllipsisType) -> Array:
        """Return consecutive rows; all for ``...``."""
        begin, end, _ = (slice(None) if rows is ... else rows).indices(len(self))
        return self.file.read(self.name, lambda dataset: dataset.rows(begin, end))

    def read_block(self, number: int, out: Array) -> None:
        """Read a block of the file into contiguous memory."""
        self.file.read(self.name, lambda dataset: dataset.read_block(number, out))


def build_error_factory(path: Path) -> Callable[[str], CorruptCacheError]:
    """Return a function that builds the error for a problem of a file."""
    return lambda problem: CorruptCacheError(f"the cache file {path} is corrupt ({problem})")


def open_checksummed_arrays(
    found: Mapping[str, Any], sets: Mapping[str, Any], problem: ErrorFactory
) -> dict[str, ChecksummedArray]:
    """Return the arrays of the rows by path, which must have the types and shapes that the contents give."""
    arrays = {}
    for split, contents in sets.items():
        for name, array in contents["arrays"].items():
            path = f"{split}/{name}"
            dataset = found.get(f"/{path}")
            if dataset is None or [dataset.dtype.str, list(dataset.shape)] != [array["dtype"], array["shape"]]:
                raise problem(path)
            arrays[path] = ChecksummedArray(dataset, array["crc32"], contents["block"], problem)
    return arrays


def to_json(state: Any) -> str:
    """Return the state of a preprocessor as JSON, with exact numbers."""
    return json.dumps(state, default=lambda array: array.tolist(), sort_keys=True)
