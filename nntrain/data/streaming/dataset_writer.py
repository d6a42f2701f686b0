"""Write a file of encoded rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_splits import RawSplits
from nntrain.data.streaming.cache_file import VERSION, to_json
from nntrain.data.streaming.checksummed_array import BlockChecksums
from nntrain.data.streaming.file_contents import write_contents
from nntrain.errors import DataError
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.system_limits import format_os_error

if TYPE_CHECKING:
    import h5py

__all__ = ["DatasetWriter", "report_cache_errors", "write_cache_file", "write_metadata"]

# Bytes of the rows of a block: large enough that reading blocks in any order costs little more than in their own.
BLOCK_BYTES = 2**18


class DatasetWriter:
    """A part that is written piece by piece: datasets of ``rows`` rows in a group, and checksums of their blocks."""

    def __init__(self, group: h5py.Group, first: Dataset, rows: int) -> None:
        arrays = get_arrays(first)
        row_bytes = sum(array[:1].nbytes for array in arrays.values())
        self.block = int(np.clip(BLOCK_BYTES // max(row_bytes, 1), 1, rows))
        self.table = isinstance(first.inputs, list)
        self.rows = rows
        self.done = 0
        self._datasets = {
            name: group.create_dataset(
                name, (rows, *array.shape[1:]), array.dtype, chunks=(self.block, *array.shape[1:])
            )
            for name, array in arrays.items()
        }
        self._sums = {name: BlockChecksums(self.block) for name in arrays}

    def add(self, part: Dataset) -> None:
        """The rows that come next."""
        for name, array in get_arrays(part).items():
            typed = np.asarray(array, self._datasets[name].dtype)
            self._datasets[name][self.done : self.done + part.rows] = typed
            self._sums[name].add(typed)
        self.done += part.rows

    def contents(self) -> dict[str, Any]:
        """What the file says of it."""
        arrays = {
            name: {"dtype": dataset.dtype.str, "shape": dataset.shape, "crc32": self._sums[name].sums}
            for name, dataset in self._datasets.items()
        }
        return {"table": self.table, "block": self.block, "arrays": arrays}


def write_cache_file(path: Path, key: str, raw: RawSplits) -> dict[str, dict[str, int]]:
    """Encode every set, chunk by chunk, into a new file. ``key``: the hash of all that the rows follow from.

    Return the number of values that are categories without a training row, by set and column. OSError if the disk is
    full.
    """
    import h5py

    # The format of HDF5 1.10 has checksums of its own over names, types, shapes and places of blocks.
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        unseen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        writers: dict[str, DatasetWriter] = {}
        for chunk in raw.encode(sink.between):
            unseen[chunk.split].update(chunk.unseen)
            if chunk.split not in writers:
                writers[chunk.split] = DatasetWriter(file.create_group(chunk.split), chunk.dataset, chunk.split_rows)
            writers[chunk.split].add(chunk.dataset)
        found = {name: dict(counts) for name, counts in unseen.items()}
        write_metadata(file, key, raw.preprocessor, writers, raw.build_notes(found))
    return found


@contextmanager
def report_cache_errors(folder: Path) -> Iterator[None]:
    """A context in which rows are written. DataError, with the name of the folder, where they cannot be."""
    try:
        yield
    except OSError as error:
        what = f"cannot keep the encoded rows: {format_os_error(error)}"
        raise DataError(f"{folder}: {what}; choose another: data.cache or NNTRAIN_CACHE") from error


def get_arrays(part: Dataset) -> dict[str, Array]:
    """The arrays of a part by name, the inputs as ``inputs0``, ``inputs1``, ..."""
    assert part.targets is not None
    inputs = part.inputs if isinstance(part.inputs, list) else [part.inputs]
    others = {"targets": part.targets} | ({} if part.weights is None else {"weights": part.weights})
    return {f"inputs{number}": array for number, array in enumerate(inputs)} | others


def write_metadata(
    file: h5py.File,
    key: str,
    preprocessor: Preprocessor,
    parts: Mapping[str, DatasetWriter],
    notes: Sequence[str],
) -> None:
    """Write all that is not rows."""
    contents = {
        "version": VERSION,
        "key": key,
        "schema": to_json(preprocessor.state()),
        "notes": list(notes),
        "parts": {name: part.contents() for name, part in parts.items()},
    }
    write_contents(file, contents)
