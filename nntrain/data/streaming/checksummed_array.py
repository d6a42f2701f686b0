"""A dataset whose blocks of rows have checksums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.streaming.block_checksums import compute_checksum
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.opening import ErrorFactory
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py

__all__ = ["ChecksummedArray"]


class ChecksummedArray:
    """Reads rows of ``dataset``; of each ``block`` of them that is read for the first time, all are compared with the
    block's element of ``sums``. ``problem`` makes the error of a block that does not match.

    Later reading is not slower than without checksums, so what a disk loses after the first epoch is found by the next
    process. This finds damage; whoever changes rows on purpose can change the checksums too.
    """

    def __init__(self, dataset: h5py.Dataset, sums: Sequence[int], block: int, problem: ErrorFactory) -> None:
        rows = len(dataset)
        if block < 1 or len(sums) != -(-rows // block):
            raise problem(f"{len(sums)} checksums for {rows} rows of {dataset.name.lstrip('/')}")
        self.dataset = dataset
        self.block = block
        self._problem = problem
        self._sums = np.array(sums, np.uint32)
        self._checked = np.zeros(len(sums), bool)

    def rows(self, begin: int, end: int, budget: Budget | None = None) -> Array:
        """The rows from ``begin`` to before ``end``; texts are charged to ``budget``."""
        end = min(end, len(self.dataset))
        for number in range(begin // self.block, -(-end // self.block)):
            if not self._checked[number]:
                self._compare(number, self._read(*self._limits(number), None))
        return self._read(begin, end, budget)

    def read_block(self, number: int, out: Array) -> None:
        """Read a block of numbers into contiguous memory, as many rows as it has."""
        begin, end = self._limits(number)
        self.dataset.read_direct(out, np.s_[begin:end])
        if not self._checked[number]:
            self._compare(number, out)

    def _limits(self, number: int) -> tuple[int, int]:
        return number * self.block, min((number + 1) * self.block, len(self.dataset))

    def _read(self, begin: int, end: int, budget: Budget | None) -> Array:
        if self.dataset.dtype.kind == "O":
            texts: Array = read_texts(self.dataset, self._problem, begin, end, budget)
            return texts
        rows: Array = self.dataset[begin:end]
        return rows

    def _compare(self, number: int, rows: Array) -> None:
        if compute_checksum(rows) != self._sums[number]:
            raise self._problem(f"block {number} of {self.dataset.name.lstrip('/')}")
        self._checked[number] = True
