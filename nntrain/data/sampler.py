"""Samplers: rows of a dataset in the order of an epoch."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream


class Sampler(ABC):
    """Reads rows in an order that follows from the seed and the epoch alone."""

    @abstractmethod
    def start_epoch(self, epoch: int) -> None:
        """Go to the first row of ``epoch``."""

    @abstractmethod
    def read(self, begin: int, end: int) -> list[Array]:
        """Return the rows at the positions ``begin`` to before ``end`` of the order, of each array of the dataset.

        The next call may overwrite their memory.
        """


class ArraySampler(Sampler):
    """Permutes the rows of arrays in memory and reads at most ``max_rows`` at once."""

    def __init__(self, arrays: Sequence[Array], seed: int, max_rows: int) -> None:
        self.arrays = arrays
        self.seed = seed
        self._buffers = [np.empty((max_rows, *array.shape[1:]), array.dtype) for array in arrays]
        # Views of the buffers: the same list while batches have the same size.
        self._views: list[Array] = []
        self._length = 0

    def start_epoch(self, epoch: int) -> None:
        self._order = create_stream(self.seed, "order", epoch).permutation(len(self.arrays[0]))

    def read(self, begin: int, end: int) -> list[Array]:
        if end - begin != self._length:
            self._length = end - begin
            self._views = [buffer[: self._length] for buffer in self._buffers]
        index = self._order[begin:end]
        for array, view in zip(self.arrays, self._views, strict=True):
            # In modes other than "clip", numpy copies the rows to a temporary array first.
            array.take(index, 0, view, "clip")
        return self._views
