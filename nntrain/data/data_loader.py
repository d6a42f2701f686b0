"""Rows in batches, in an order that follows from the seed and the epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.data.batch import Batch
from nntrain.errors import CheckpointError
from nntrain.specs.state_schema import COUNT, validate_state

__all__ = ["DataLoader"]


class DataLoader:
    """Batches of ``size`` rows. The state is the epoch and the place in it; the order follows from ``seed`` and epoch.

    A last batch of one row is joined to the one before it: batch normalisation cannot train on one row.
    Without a seed the rows come in their own order, as views; with one, they are gathered into memory that the next
    batch overwrites.
    """

    def __init__(self, rows: Batch, batch_size: int, seed: int | None) -> None:
        self.whole = rows
        self.arrays = rows.arrays
        self.rows = len(rows.targets)
        self.batch_size = batch_size
        self.seed = seed
        self.count = count_batches(self.rows, batch_size)
        longest = min(batch_size + 1, self.rows)
        self._buffers = [] if seed is None else [np.empty((longest, *a.shape[1:]), a.dtype) for a in self.arrays]
        self._length = 0
        self._fronts: list[Array] = []
        # The arrays of the last batch, and the batch of them.
        self._shown: list[Array] | None = None
        self._batch: Batch | None = None
        self.start_epoch(0)

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self.count

    def start_epoch(self, epoch: int) -> None:
        """Go to the beginning of ``epoch``."""
        self.epoch = epoch
        self.position = 0
        self._order = None if self.seed is None else create_stream(self.seed, "order", epoch).permutation(self.rows)

    def next_batch(self) -> Batch | None:
        """The next batch; None at the end of the epoch."""
        if self.position == self.count:
            return None
        begin = self.position * self.batch_size
        self.position += 1
        end = self.rows if self.position == self.count else begin + self.batch_size
        parts = self._read_rows(begin, end)
        if parts is not self._shown:
            self._shown, self._batch = parts, self.whole.with_arrays(parts)
        return self._batch

    def state(self) -> dict[str, Any]:
        """The epoch, the batches of it that are done, and how many rows each of them has."""
        return {"epoch": self.epoch, "position": self.position, "size": self.batch_size}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where ``state`` was taken; with batches of another size, where as many rows are done, or a few less."""
        known = validate_state(
            {"size": self.batch_size, **state}, {"epoch": COUNT, "position": COUNT, "size": COUNT}, "batches"
        )
        self.start_epoch(known["epoch"])
        done = known["position"]
        self.position = done if known["size"] == self.batch_size else done * known["size"] // self.batch_size
        if self.position > self.count:
            raise CheckpointError(f"batches: position: expected at most {self.count}, got {self.position}")

    def _read_rows(self, begin: int, end: int) -> list[Array]:
        if self._order is None:
            return [array[begin:end] for array in self.arrays]
        index = self._order[begin:end]
        parts = self._get_buffers(end - begin)
        for array, part in zip(self.arrays, parts, strict=True):
            # Any other mode than "clip" makes numpy gather into memory of its own first.
            array.take(index, 0, part, "clip")
        return parts

    def _get_buffers(self, rows: int) -> list[Array]:
        """The memory of a batch, the same list as long as batches are as long."""
        if rows != self._length:
            self._length = rows
            self._fronts = [buffer[:rows] for buffer in self._buffers]
        return self._fronts


def count_batches(rows: int, batch_size: int) -> int:
    """Batches of ``size`` rows, the last one smaller, but never one row alone beside larger ones."""
    full, rest = divmod(rows, batch_size)
    alone = rest == 1 and full > 0
    return full + (rest > 0 and not alone)
