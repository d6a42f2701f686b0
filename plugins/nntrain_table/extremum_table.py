"""The base of the elementwise maximum and minimum of arrays."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain_table.table_arithmetic import TableArithmetic


class ExtremumTable(TableArithmetic):
    """y = the best of x[0], x[1], ...;  dx[i] = dy where x[i] is the first best. Abstract: see ``compare``."""

    # The ufunc that compares a new array with the best before it.
    compare: ClassVar[np.ufunc]

    def value(self, x: Sequence[Array], out: Array) -> None:
        winner = self._get_winner(out)
        winner[...] = 0
        out[...] = x[0]
        better = self.buffer("better", out.shape, like=out, dtype=np.bool_)
        for i in range(1, len(x)):
            self.compare(x[i], out, out=better)
            np.copyto(out, x[i], where=better, casting="same_kind")
            np.copyto(winner, i, where=better)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        winner = self._get_winner(dy)
        for i, dx in enumerate(out):
            np.equal(winner, i, out=dx)
            np.multiply(dx, dy, out=dx)

    def _get_winner(self, like: Array) -> IntArray:
        """Memory for the index of the array that each element came from."""
        return self.buffer("winner", like.shape, like=like, dtype=np.intp)
