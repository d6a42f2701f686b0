"""Rows of an HDF5 dataset that does not fit in memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream, MemoryArray
from nntrain.data.dims import Dims, to_channels_first
from nntrain.data.error_location import build_error_factory
from nntrain.data.streaming.row_blocks import iterate_row_blocks
from nntrain.data.streaming.streamed_table import STEP_ROWS
from nntrain.errors import DataError
from nntrain.hdf5.error_factory import translate_errors

if TYPE_CHECKING:
    import h5py

# Maximum number of values of a chunk.
CHUNK_CELLS = 2**20


class StreamedArray(ArrayStream):
    """The rows ``index`` of a dataset, ascending; None: all rows. ``dims``: the axes of images in the file.

    DataError for another number of axes.
    """

    def __init__(self, path: Path, dataset: h5py.Dataset, dims: Dims | None = None, index: Array | None = None) -> None:
        self.path = path
        self.dataset = dataset
        self.dims = dims
        self.index = index
        self.dtype: np.dtype[Any] = dataset.dtype
        rows = len(dataset) if index is None else len(index)
        stored = np.broadcast_to(np.zeros((), dataset.dtype), dataset.shape)
        self.shape = (rows, *self._to_channels_first(stored).shape[1:])

    def __getitem__(self, index: Array) -> StreamedArray:
        chosen = index if self.index is None else self.index[index]
        return StreamedArray(self.path, self.dataset, self.dims, chosen)

    def load(self) -> MemoryArray:
        values = self._read(0, len(self.dataset))
        return MemoryArray(self._to_channels_first(values if self.index is None else values[self.index]))

    def iterate_chunks(self) -> Iterator[Array]:
        """Iterate over the rows in chunks. DataError for an infinite number or corrupt bytes."""
        length = max(CHUNK_CELLS // math.prod(self.shape[1:]), 1)
        if length > STEP_ROWS:
            length = length // STEP_ROWS * STEP_ROWS
        for begin, end, chosen in iterate_row_blocks(len(self.dataset), length, self.index):
            block = self._read(begin, end)
            yield self._to_channels_first(block if chosen is None else block[chosen])

    def _read(self, begin: int, end: int) -> Array:
        with translate_errors(build_error_factory(self.path)):
            block: Array = self.dataset[begin:end]
        check_finite(self.path, self.dataset, block, begin)
        return block

    def _to_channels_first(self, block: Array) -> Array:
        return to_channels_first(block[:, None] if block.ndim == 1 else block, self.dims)


def check_finite(path: Path, dataset: h5py.Dataset, block: Array, begin: int = 0, *, missing: bool = True) -> None:
    """Raise a DataError for an infinite value in a block of rows, and for NaN unless values may be ``missing``."""
    if block.dtype.kind != "f":
        return
    invalid = np.isinf(block) if missing else ~np.isfinite(block)
    rows = invalid.reshape(len(block), -1).any(axis=1)
    if rows.any():
        found = f"{'infinity' if missing else 'NaN or infinity'}, first in row [{begin + int(rows.argmax())}]"
        raise DataError(f"{path}: {dataset.name!r} has {found}; remove such rows")
