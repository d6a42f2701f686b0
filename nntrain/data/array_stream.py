"""Arrays of rows, in memory or in a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array


class ArrayStream(ABC):
    """Rows of numbers (n, d, ...), with at least two axes."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __len__(self) -> int:
        return self.shape[0]

    @abstractmethod
    def __getitem__(self, index: Array) -> Self:
        """Return the rows ``index``, ascending."""

    @abstractmethod
    def load(self) -> ArrayStream:
        """Return the rows in memory."""

    @abstractmethod
    def iterate_chunks(self) -> Iterator[Array]:
        """Iterate over the rows in chunks; an array in memory is one. DataError for rows that cannot be read."""


class MemoryArray(ArrayStream):
    """The rows of ``values`` in memory; (n,) becomes (n, 1)."""

    def __init__(self, values: Array) -> None:
        self.values = values[:, None] if values.ndim == 1 else values
        self.shape = self.values.shape
        self.dtype = self.values.dtype

    def __getitem__(self, index: Array) -> Self:
        return type(self)(self.values[index])

    def load(self) -> Self:
        return self

    def iterate_chunks(self) -> Iterator[Array]:
        yield self.values
