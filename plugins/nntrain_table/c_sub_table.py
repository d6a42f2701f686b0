"""y = x[0] − x[1]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.table_arithmetic import TableArithmetic


class CSubTable(TableArithmetic):
    """y = x[0] − x[1];  dx = [dy, −dy].

    Shapes:
        x two arrays with equal numbers of elements, paired in row-major order → y in the shape of x[0]
    Further elements of x are ignored and have no gradient.
    Errors: ShapeError if x is not a list of such arrays.
    Source: torch/nn, CSubTable.lua.
    """

    min_arrays = max_arrays = 2

    def value(self, x: Sequence[Array], out: Array) -> None:
        np.subtract(x[0], x[1], out=out)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        out[0][...] = dy
        np.negative(dy, out=out[1])
