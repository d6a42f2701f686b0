"""An array of rows in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream
from nntrain.data.dims import Dims, to_channels_first

__all__ = ["MemoryArray"]


class MemoryArray(ArrayStream):
    """The rows of ``values``; (n,) becomes (n, 1)."""

    is_streamed = False

    def __init__(self, values: Array) -> None:
        self.values = values[:, None] if values.ndim == 1 else values
        self.shape = self.values.shape
        self.dtype = self.values.dtype

    def __getitem__(self, index: Array) -> Self:
        return type(self)(self.values[index])

    def reorder(self, dims: Dims | None) -> Self:
        return type(self)(to_channels_first(self.values, dims))

    def load(self) -> Self:
        return self

    def iterate_chunks(self) -> Iterator[Array]:
        yield self.values
