"""The batches whose gradients are accumulated for one step."""

import math

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.batch import Batch
from nntrain.data.data_loader import DataLoader


class MicroBatches:
    """``count`` batches for each step; the last step of an epoch gets the remaining ones.

    The next batch overwrites the memory of a batch, so several batches are copied.
    """

    def __init__(self, batches: DataLoader, count: int) -> None:
        self.data_loader = batches
        self.count = count
        self.current: list[Batch] = []
        self._memory: dict[tuple[int, int], Array] = {}

    def __len__(self) -> int:
        """Return the steps per epoch."""
        return math.ceil(len(self.data_loader) / self.count)

    def gather(self) -> bool:
        """Fetch the batches of the next step. False at the end of the epoch."""
        self.current = []
        while len(self.current) < self.count and (batch := self.data_loader.next_batch()) is not None:
            if self.count > 1:
                batch = batch.with_arrays(self._copy_array(array, index) for index, array in enumerate(batch.arrays))
            self.current.append(batch)
        return bool(self.current)

    def _copy_array(self, array: Array, index: int) -> Array:
        """Copy ``array`` to memory that is reused for the same array of the same batch in every step."""
        key = len(self.current), index
        if key not in self._memory or len(self._memory[key]) < len(array):
            self._memory[key] = np.empty_like(array)
        copy = self._memory[key][: len(array)]
        np.copyto(copy, array)
        return copy
