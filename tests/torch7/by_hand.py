"""Pieces of binary .t7 files, by hand from the description of the format: also what our writer never writes."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

import numpy as np


class Hand:
    """``order``: "<" or ">"; ``long``: "q" or "i"."""

    def __init__(self, order: str = "<", long: str = "q") -> None:
        self.order = order
        self.long = long

    def ints(self, *values: int) -> bytes:
        return pack(f"{self.order}{len(values)}i", *values)

    def longs(self, *values: int) -> bytes:
        return pack(f"{self.order}{len(values)}{self.long}", *values)

    def text(self, text: bytes) -> bytes:
        return self.ints(len(text)) + text

    def number(self, value: float) -> bytes:
        return self.ints(1) + pack(f"{self.order}d", value)

    def string(self, text: bytes) -> bytes:
        return self.ints(2) + self.text(text)

    def table(self, index: int, *entries: bytes) -> bytes:
        """The entries are keys and values in turn."""
        return self.ints(3, index, len(entries) // 2) + b"".join(entries)

    def thing(self, index: int, name: bytes, *rest: bytes, version: bytes | None = b"V 1") -> bytes:
        head = b"" if version is None else self.text(version)
        return self.ints(4, index) + head + self.text(name) + b"".join(rest)

    def storage(self, index: int, kind: str = "Double", values: Sequence[float] = (1, 2, 3, 4, 5, 6)) -> bytes:
        """The elements as they come from ``kind``'s letter."""
        stored = {"Double": "f8", "Float": "f4", "Cuda": "f4", "CudaLong": f"i{len(self.longs(0))}", "Int": "i4"}[kind]
        elements = np.array(values, f"{self.order}{stored}").tobytes()
        return self.thing(index, f"torch.{kind}Storage".encode(), self.longs(len(values)), elements)

    def tensor(
        self,
        index: int,
        storage: bytes,
        sizes: Sequence[int] = (2, 3),
        strides: Sequence[int] = (3, 1),
        offset: int = 1,
        kind: str = "Double",
    ) -> bytes:
        where = self.ints(len(sizes)) + self.longs(*sizes, *strides, offset)
        return self.thing(index, f"torch.{kind}Tensor".encode(), where, storage)
