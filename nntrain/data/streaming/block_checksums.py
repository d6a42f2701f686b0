"""Checksums of the rows of a dataset, block by block."""

from __future__ import annotations

import zlib

import numpy as np

from nntrain.compute.array import Array

__all__ = ["BlockChecksums", "compute_checksum"]


class BlockChecksums:
    """``sums``: the CRC-32 of each ``block`` rows, of rows that are added in their order, in pieces of any length."""

    def __init__(self, block: int) -> None:
        self.block = block
        self.sums: list[int] = []
        self._rows = 0

    def add(self, rows: Array) -> None:
        """The rows that come next."""
        begin = 0
        while begin < len(rows):
            done = self._rows % self.block
            if done == 0:
                self.sums.append(0)
            end = min(begin + self.block - done, len(rows))
            self.sums[-1] = compute_checksum(rows[begin:end], self.sums[-1])
            self._rows += end - begin
            begin = end


def compute_checksum(rows: Array, before: int = 0) -> int:
    """The CRC-32 of the bytes of rows, or of texts that each end in NUL, after rows whose CRC-32 is ``before``."""
    if rows.dtype.kind == "O":
        return zlib.crc32("".join(f"{text}\0" for text in rows).encode("utf-8", "surrogatepass"), before)
    return zlib.crc32(np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data, before)
