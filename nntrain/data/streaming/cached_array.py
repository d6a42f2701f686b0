"""An array of encoded rows in a file of the cache."""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array

if TYPE_CHECKING:
    from nntrain.data.streaming.cache_file import CacheFile

__all__ = ["CachedArray"]


class CachedArray:
    """Has the shape and the type of the dataset ``name`` of a file, and slices of it are arrays."""

    def __init__(self, file: CacheFile, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.file = file
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.ndim = len(shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | EllipsisType) -> Array:
        """Rows that follow each other; all for ``...``."""
        begin, end, _ = (slice(None) if rows is ... else rows).indices(len(self))
        return self.file.read(self.name, lambda dataset: dataset.rows(begin, end))

    def read_block(self, number: int, out: Array) -> None:
        """Read one of the file's blocks of rows into contiguous memory."""
        self.file.read(self.name, lambda dataset: dataset.read_block(number, out))
