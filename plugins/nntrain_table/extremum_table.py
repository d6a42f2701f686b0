"""The base of the elementwise maximum and minimum of a table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain_table.table_arithmetic import TableArithmetic

__all__ = ["ExtremumTable"]


class ExtremumTable(TableArithmetic):
    """y = the slot that beats all slots before it;  dy goes there. Abstract: a subclass says what beats what."""

    @abstractmethod
    def compare(self, challenger: Array, holder: Array, out: Array) -> None:
        """out ← where the challenger takes the place of the holder."""

    def value(self, x: Sequence[Array], out: Array) -> None:
        winner = self._get_winner(out)
        winner[...] = 0
        out[...] = x[0]
        better = self.buffer("better", out.shape, like=out, dtype=np.bool_)
        for i in range(1, len(x)):
            self.compare(x[i], out, better)
            np.copyto(out, x[i], where=better, casting="same_kind")
            np.copyto(winner, i, where=better)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        winner = self._get_winner(dy)
        for i, dx in enumerate(out):
            np.equal(winner, i, out=dx)
            np.multiply(dx, dy, out=dx)

    def _get_winner(self, like: Array) -> IntArray:
        """Memory for the slot that each element came from."""
        return self.buffer("winner", like.shape, like=like, dtype=np.intp)
