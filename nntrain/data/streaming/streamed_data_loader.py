"""Batches of rows that lie in a file: blocks of them are read ahead, and shuffled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.data.data_loader import DataLoader
from nntrain.data.streaming.cached_dataset import CachedDataset

__all__ = ["StreamedDataLoader"]

# The most blocks that are shuffled together, and the bytes that they take: twice, since the next ones are read ahead.
MAX_GROUP_BLOCKS = 128
MAX_GROUP_BYTES = 2**25


class StreamedDataLoader(DataLoader):
    """The order of the rows in an epoch: the blocks of the file are permuted, then the rows of each group of blocks.

    Both follow from (seed, epoch). How many blocks make a group follows from the bytes of a row alone, never from the
    memory of the machine, so that a run is the same anywhere. While one group is in use, a thread reads the next.
    """

    def __init__(self, part: CachedDataset, batch_size: int, seed: int, typed: Callable[[Array], Array]) -> None:
        self.part = part
        self.typed = typed
        block_bytes = part.block * sum(array[:1].nbytes for array in part.full_batch.arrays)
        self.group = int(np.clip(MAX_GROUP_BYTES // block_bytes, 2, MAX_GROUP_BLOCKS))
        rows = min(self.group * part.block, part.rows)
        self._groups = [[np.empty((rows, *a.shape[1:]), a.dtype) for a in part.full_batch.arrays] for _ in range(2)]
        self._reader = ThreadPoolExecutor(1, "nntrain-reader")
        self._coming: Future[int] | None = None
        super().__init__(part.full_batch, batch_size, seed)

    def start_epoch(self, epoch: int) -> None:
        """Go to the beginning of ``epoch``."""
        assert self.seed is not None
        self.epoch = epoch
        self.position = 0
        self._blocks = create_stream(self.seed, "order", epoch).permutation(-(-self.rows // self.part.block))
        self._rest: Array = np.empty(0, np.int64)
        self._done = 0
        self._number = -1
        self._forget()

    def _read_rows(self, begin: int, end: int) -> list[Array]:
        """The rows from ``begin`` to before ``end`` of the order: those that follow, or after ``restore`` others."""
        if begin != self._done:
            self._seek(begin)
        parts = [buffer[: end - begin] for buffer in self._buffers]
        while self._done < end:
            if not len(self._rest):
                self._turn()
            taken = self._rest[: end - self._done]
            place = slice(self._done - begin, self._done - begin + len(taken))
            for array, part in zip(self._groups[self._number % 2], parts, strict=True):
                np.take(array, taken, axis=0, out=part[place], mode="clip")
            self._rest = self._rest[len(taken) :]
            self._done += len(taken)
        return [self.typed(part) for part in parts]

    def _seek(self, row: int) -> None:
        """Go to the group in which the row of that place in the order lies, and to its place there."""
        self._forget()
        self._number, self._done = -1, 0
        while self._done + self._rows_of(self._number + 1) <= row:
            self._number += 1
            self._done += self._rows_of(self._number)
        self._turn()
        self._rest = self._rest[row - self._done :]
        self._done = row

    def _turn(self) -> None:
        """Go to the next group, and have the one after it read."""
        rows = (self._coming or self._read_ahead(self._number + 1)).result()
        self._number += 1
        assert self.seed is not None
        self._rest = create_stream(self.seed, "order", self.epoch, self._number).permutation(rows)
        self._coming = self._read_ahead(self._number + 1) if self._rows_of(self._number + 1) else None

    def _read_ahead(self, number: int) -> Future[int]:
        return self._reader.submit(self._read, self._blocks_of(number), self._groups[number % 2])

    def _read(self, blocks: Array, arrays: list[Array]) -> int:
        """Read blocks, one after the other, and return the number of their rows. DataError if that fails."""
        place = 0
        stored: list[Any] = self.part.full_batch.arrays
        for block in blocks.tolist():
            begin, end = block * self.part.block, min((block + 1) * self.part.block, self.rows)
            for source, array in zip(stored, arrays, strict=True):
                source.read_block(block, array[place : place + end - begin])
            place += end - begin
        return place

    def _blocks_of(self, number: int) -> Array:
        return self._blocks[number * self.group : (number + 1) * self.group]

    def _rows_of(self, number: int) -> int:
        """The rows of a group; 0 after the last."""
        blocks = self._blocks_of(number)
        last = (self.rows - 1) // self.part.block
        return len(blocks) * self.part.block - (last in blocks) * ((last + 1) * self.part.block - self.rows)

    def _forget(self) -> None:
        """Wait for what is being read, since its memory will be used again."""
        if self._coming is not None:
            self._coming.exception()
            self._coming = None
