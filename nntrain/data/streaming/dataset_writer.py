"""Write a cache file of encoded rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.raw_splits import RawSplits
from nntrain.data.streaming.cache_file import VERSION, to_json
from nntrain.data.streaming.checksummed_array import ChecksummedWriter, write_contents
from nntrain.errors import DataError
from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.system_limits import format_os_error

if TYPE_CHECKING:
    import h5py

# Bytes of a block of rows: large enough that reading blocks in random order costs little more than sequentially.
BLOCK_BYTES = 2**18


class DatasetWriter:
    """Writes a set in chunks: datasets of ``rows`` rows in a group, and the checksums of their blocks."""

    def __init__(self, group: h5py.Group, first: Dataset, rows: int) -> None:
        arrays = get_arrays(first)
        row_bytes = sum(array[:1].nbytes for array in arrays.values())
        self.block = int(np.clip(BLOCK_BYTES // max(row_bytes, 1), 1, rows))
        self.table = isinstance(first.inputs, list)
        self._writers = {}
        for name, array in arrays.items():
            shape = array.shape[1:]
            dataset = group.create_dataset(name, (rows, *shape), array.dtype, chunks=(self.block, *shape))
            self._writers[name] = ChecksummedWriter(dataset, self.block)

    def add(self, chunk: Dataset) -> None:
        """Write the next rows."""
        for name, array in get_arrays(chunk).items():
            self._writers[name].add(np.asarray(array, self._writers[name].dataset.dtype))

    def describe(self) -> dict[str, Any]:
        """Return the description of the set for the contents of the file."""
        arrays = {
            name: {"dtype": writer.dataset.dtype.str, "shape": writer.dataset.shape, "crc32": writer.sums}
            for name, writer in self._writers.items()
        }
        return {"table": self.table, "block": self.block, "arrays": arrays}


def write_cache_file(path: Path, key: str, raw: RawSplits) -> dict[str, dict[str, int]]:
    """Encode every set, chunk by chunk, into a new file. ``key``: the hash of all that the rows follow from.

    Return the number of values that no training row had, by set and column. OSError if the disk is full.
    """
    import h5py

    # The format of HDF5 1.10 has checksums of the names, types, shapes and positions of blocks.
    with DeferredErrorFile(path) as sink, h5py.File(sink, "w", libver=("v110", "v110")) as file:
        unseen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        writers: dict[str, DatasetWriter] = {}
        for chunk in raw.encode(sink.between):
            unseen[chunk.split].update(chunk.unseen)
            if chunk.split not in writers:
                writers[chunk.split] = DatasetWriter(file.create_group(chunk.split), chunk.dataset, chunk.split_rows)
            writers[chunk.split].add(chunk.dataset)
        unseen_counts = {name: dict(counts) for name, counts in unseen.items()}
        contents = {
            "version": VERSION,
            "key": key,
            "schema": to_json(raw.preprocessor.state()),
            "notes": raw.build_notes(unseen_counts),
            "parts": {name: writer.describe() for name, writer in writers.items()},
        }
        write_contents(file, contents)
    return unseen_counts


@contextmanager
def report_cache_errors(folder: Path) -> Iterator[None]:
    """Turn an OSError inside into a DataError with the name of the cache folder."""
    try:
        yield
    except OSError as error:
        problem = f"cannot save the encoded rows: {format_os_error(error)}"
        raise DataError(f"{folder}: {problem}; choose another folder with data.cache or NNTRAIN_CACHE") from error


def get_arrays(dataset: Dataset) -> dict[str, Array]:
    """Return the arrays of a dataset by name, the inputs as ``inputs0``, ``inputs1``, ..."""
    assert dataset.targets is not None
    inputs = dataset.inputs if isinstance(dataset.inputs, list) else [dataset.inputs]
    others = {"targets": dataset.targets} | ({} if dataset.weights is None else {"weights": dataset.weights})
    return {f"inputs{number}": array for number, array in enumerate(inputs)} | others
