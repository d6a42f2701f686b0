"""The batches whose gradients are accumulated for one step."""

from __future__ import annotations

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
        batch = self.data_loader.next_batch()
        if batch is None:
            return False
        if self.count == 1:
            self.current = [batch]
        else:
            self._gather_copies(batch)
        return True

    def _gather_copies(self, batch: Batch | None) -> None:
        """Fetch the batches after ``batch``, and copy all of them."""
        self.current = []
        while batch is not None:
            self.current.append(self._copy_batch(batch))
            batch = self.data_loader.next_batch() if len(self.current) < self.count else None

    def _copy_batch(self, batch: Batch) -> Batch:
        return batch.with_arrays(self._copy_array(array, index) for index, array in enumerate(batch.arrays))

    def _copy_array(self, array: Array, index: int) -> Array:
        """Copy ``array`` to memory that is reused for the same array of the same batch in every step."""
        key = len(self.current), index
        if key not in self._memory or len(self._memory[key]) < len(array):
            self._memory[key] = np.empty_like(array)
        copy = self._memory[key][: len(array)]
        np.copyto(copy, array)
        return copy
