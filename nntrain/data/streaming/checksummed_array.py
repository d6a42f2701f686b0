"""Datasets whose blocks of rows have checksums, and the description of the datasets of a file.

The description is one JSON value with a checksum, which is written last.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py

# The dataset of the JSON, and that of its CRC-32: without the second, the file is incomplete.
CONTENTS_NAME, CHECKSUM_NAME = "contents", "complete"


class ChecksummedWriter:
    """Writes rows to ``dataset`` in order, in chunks of any length. ``sums``: the CRC-32 of each block of rows."""

    def __init__(self, dataset: h5py.Dataset, block: int) -> None:
        self.dataset = dataset
        self.block = block
        self.sums: list[int] = []
        self._rows = 0

    def add(self, rows: Array) -> None:
        """Write the next rows."""
        self.dataset[self._rows : self._rows + len(rows)] = rows
        begin = 0
        while begin < len(rows):
            done = self._rows % self.block
            if done == 0:
                self.sums.append(0)
            end = min(begin + self.block - done, len(rows))
            self.sums[-1] = compute_checksum(rows[begin:end], self.sums[-1])
            self._rows += end - begin
            begin = end


class ChecksummedArray:
    """Reads rows of ``dataset`` in blocks of ``block`` rows, each compared with its element of ``checksums``.

    Without checksums, as in files of older versions, rows are read without verification.

    Every read is compared, not only the first one of a block: HDF5 returns zeros without an error for the end of a
    file that was cut off while it was open. ``problem`` builds the error for a block that does not match. This detects
    corruption, not malicious changes, which can include the checksums.
    """

    def __init__(
        self, dataset: h5py.Dataset, checksums: Sequence[int] | None, block: int, problem: ErrorFactory
    ) -> None:
        rows = len(dataset)
        if checksums is not None and (block < 1 or len(checksums) != -(-rows // block)):
            raise problem(f"{len(checksums)} checksums for {rows} rows of {dataset.name.lstrip('/')}")
        self.dataset = dataset
        self.block = block
        self._problem = problem
        self._checksums = None if checksums is None else np.array(checksums, np.uint32)

    def rows(self, begin: int, end: int, budget: Budget | None = None) -> Array:
        """Return the rows from ``begin`` to before ``end``; strings are charged to ``budget``."""
        if self._checksums is None:
            return self._read(begin, end, budget)
        first, last = begin // self.block, -(-min(end, len(self.dataset)) // self.block)
        start = first * self.block
        rows = self._read(start, min(last * self.block, len(self.dataset)), budget)
        for number in range(first, last):
            offset = (number - first) * self.block
            self._compare(number, rows[offset : offset + self.block])
        return rows[begin - start : end - start]

    def read_block(self, number: int, out: Array) -> None:
        """Read a block of numbers into contiguous memory, as many rows as it has."""
        self.dataset.read_direct(out, np.s_[number * self.block : min((number + 1) * self.block, len(self.dataset))])
        self._compare(number, out)

    def _read(self, begin: int, end: int, budget: Budget | None) -> Array:
        if self.dataset.dtype.kind == "O":
            texts: Array = read_texts(self.dataset, self._problem, begin, end, budget)
            return texts
        rows: Array = self.dataset[begin:end]
        return rows

    def _compare(self, number: int, rows: Array) -> None:
        if self._checksums is not None and compute_checksum(rows) != self._checksums[number]:
            raise self._problem(f"block {number} of {self.dataset.name.lstrip('/')}")


def compute_checksum(rows: Array, before: int = 0) -> int:
    """Return the CRC-32 of the bytes of rows, or of strings that end in NUL; ``before``: that of the rows before."""
    if rows.dtype.kind == "O":
        return zlib.crc32("".join(f"{text}\0" for text in rows).encode("utf-8", "surrogatepass"), before)
    return zlib.crc32(np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data, before)


def write_contents(file: h5py.File, contents: Mapping[str, Any]) -> None:
    """Write a JSON value and its checksum."""
    import h5py

    text = json.dumps(contents).encode("ascii")
    file.create_dataset(CONTENTS_NAME, data=text, dtype=h5py.string_dtype("ascii", len(text)))
    file.flush()
    file.create_dataset(CHECKSUM_NAME, data=np.uint32(zlib.crc32(text)))


def read_contents(found: Mapping[str, Any], problem: ErrorFactory) -> dict[str, Any]:
    """Return the JSON value from the objects of a file by path. Raises ``problem`` if the checksum does not match."""
    if not {f"/{CONTENTS_NAME}", f"/{CHECKSUM_NAME}"} <= found.keys():
        raise problem("incomplete: the write did not finish")
    text, complete = (found[f"/{name}"] for name in (CONTENTS_NAME, CHECKSUM_NAME))
    for item in (text, complete):
        if getattr(item, "shape", None) != ():
            raise problem(CONTENTS_NAME)
        check_dataset(item, problem, filters=False)
    if zlib.crc32(text[()]) != complete[()]:
        raise problem(CONTENTS_NAME)
    contents: dict[str, Any] = json.loads(text[()])
    return contents
