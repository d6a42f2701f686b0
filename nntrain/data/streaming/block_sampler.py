"""Rows of a cache file in the order of an epoch: blocks are read ahead and shuffled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.random import create_stream
from nntrain.data.sampler import Sampler

if TYPE_CHECKING:
    from nntrain.data.streaming.cache_file import CachedDataset

# Maximum number of blocks to shuffle together, and of their bytes; the next group, which is read ahead, takes as many.
MAX_GROUP_BLOCKS = 128
MAX_GROUP_BYTES = 2**25


class BlockSampler(Sampler):
    """Permutes the blocks of the file, then the rows of each group of blocks.

    Both depend only on (seed, epoch). The number of blocks in a group depends only on the bytes of a row, not on the
    memory of the machine, so a run is the same everywhere. While one group is in use, a thread reads the next.
    """

    def __init__(self, dataset: CachedDataset, seed: int, max_rows: int, convert: Callable[[Array], Array]) -> None:
        self.rows, self.block = dataset.rows, dataset.block
        self.seed = seed
        self.convert = convert
        self._stored: list[Any] = dataset.full_batch.arrays
        block_bytes = self.block * sum(array[:1].nbytes for array in self._stored)
        self.group = int(np.clip(MAX_GROUP_BYTES // block_bytes, 2, MAX_GROUP_BLOCKS))
        group_rows = min(self.group * self.block, self.rows)
        self._groups = [self._allocate(group_rows) for _ in range(2)]
        self._buffers = self._allocate(max_rows)
        self._reader = ThreadPoolExecutor(1, "nntrain-reader")
        self._next_group: Future[int] | None = None

    def start_epoch(self, epoch: int) -> None:
        self.epoch = epoch
        self._blocks = create_stream(self.seed, "order", epoch).permutation(-(-self.rows // self.block))
        # The remaining rows of the current group, the position of the first, and the number of the group.
        self._rest: Array = np.empty(0, np.int64)
        self._done = 0
        self._number = -1
        self._discard_next_group()

    def read(self, begin: int, end: int) -> list[Array]:
        """Return rows: usually the next ones; others only after the data loader is restored."""
        if begin != self._done:
            self._seek(begin)
        views = [buffer[: end - begin] for buffer in self._buffers]
        while self._done < end:
            if not len(self._rest):
                self._load_next_group()
            index = self._rest[: end - self._done]
            target = slice(self._done - begin, self._done - begin + len(index))
            for array, view in zip(self._groups[self._number % 2], views, strict=True):
                np.take(array, index, axis=0, out=view[target], mode="clip")
            self._rest = self._rest[len(index) :]
            self._done += len(index)
        return [self.convert(view) for view in views]

    def _allocate(self, rows: int) -> list[Array]:
        return [np.empty((rows, *array.shape[1:]), array.dtype) for array in self._stored]

    def _seek(self, row: int) -> None:
        """Go to the group that contains the position ``row`` of the order, and to its position in the group."""
        self._discard_next_group()
        self._number, self._done = -1, 0
        while self._done + self._count_rows(self._number + 1) <= row:
            self._number += 1
            self._done += self._count_rows(self._number)
        self._load_next_group()
        self._rest = self._rest[row - self._done :]
        self._done = row

    def _load_next_group(self) -> None:
        """Go to the next group, and start reading the one after it."""
        rows = (self._next_group or self._read_ahead(self._number + 1)).result()
        self._number += 1
        self._rest = create_stream(self.seed, "order", self.epoch, self._number).permutation(rows)
        self._next_group = self._read_ahead(self._number + 1) if self._count_rows(self._number + 1) else None

    def _read_ahead(self, number: int) -> Future[int]:
        return self._reader.submit(self._read_blocks, self._get_blocks(number), self._groups[number % 2])

    def _read_blocks(self, blocks: Array, arrays: list[Array]) -> int:
        """Read blocks and return the number of their rows. DataError if that fails."""
        done = 0
        for block in blocks.tolist():
            rows = min(self.block, self.rows - block * self.block)
            for stored, array in zip(self._stored, arrays, strict=True):
                stored.read_block(block, array[done : done + rows])
            done += rows
        return done

    def _get_blocks(self, number: int) -> Array:
        return self._blocks[number * self.group : (number + 1) * self.group]

    def _count_rows(self, number: int) -> int:
        """Return the number of rows of a group; 0 after the last group."""
        blocks = self._get_blocks(number)
        last = (self.rows - 1) // self.block
        return len(blocks) * self.block - (last in blocks) * ((last + 1) * self.block - self.rows)

    def _discard_next_group(self) -> None:
        """Wait for the group that is being read, because its memory is reused."""
        if self._next_group is not None:
            self._next_group.exception()
            self._next_group = None
