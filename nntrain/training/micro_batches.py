"""The batches whose gradients make one step together."""

from __future__ import annotations

import math

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.batch import Batch
from nntrain.data.data_loader import DataLoader

__all__ = ["MicroBatches"]


class MicroBatches:
    """``count`` batches for each step; for the last step of an epoch, those that are left.

    A batch is in memory that the next one overwrites, so where there are several they are copied.
    """

    def __init__(self, batches: DataLoader, count: int) -> None:
        self.data_loader = batches
        self.count = count
        self.current: list[Batch] = []
        self._memory: dict[tuple[int, int], Array] = {}

    def __len__(self) -> int:
        """Steps in an epoch."""
        return math.ceil(len(self.data_loader) / self.count)

    def gather(self) -> bool:
        """Take the batches of the next step; False at the end of the epoch."""
        batch = self.data_loader.next_batch()
        if batch is None:
            return False
        if self.count == 1:
            self.current = [batch]
        else:
            self._gather_copies(batch)
        return True

    def _gather_copies(self, batch: Batch | None) -> None:
        """Take ``batch``, and those that follow it."""
        self.current = []
        while batch is not None:
            self.current.append(self._copy_batch(batch))
            batch = self.data_loader.next_batch() if len(self.current) < self.count else None

    def _copy_batch(self, batch: Batch) -> Batch:
        return batch.with_arrays(self._copy_array(array, slot) for slot, array in enumerate(batch.arrays))

    def _copy_array(self, array: Array, slot: int) -> Array:
        """``array`` in memory of its own: that of its slot, in this place of the step."""
        key = len(self.current), slot
        if key not in self._memory or len(self._memory[key]) < len(array):
            self._memory[key] = np.empty_like(array)
        copy = self._memory[key][: len(array)]
        np.copyto(copy, array)
        return copy
