"""y = x[0] · x[1] · ..."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.table_arithmetic import TableArithmetic


class CMulTable(TableArithmetic):
    """y = x[0] · x[1] · ...;  dx[i] = dy · the product of the others.

    Shapes:
        x arrays with equal numbers of elements, paired in row-major order → y in the shape of x[0]
    Errors: ShapeError if x is not a list of such arrays.
    Source: torch/nn, CMulTable.lua. The gradients involve no division, so zeros are allowed.
    """

    def value(self, x: Sequence[Array], out: Array) -> None:
        out[...] = x[0]
        for factor in x[1:]:
            np.multiply(out, factor, out=out)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        # dx[i] = dy · (x[0] · ... · x[i − 1]) · (x[i + 1] · ...)
        out[0][...] = dy
        for i in range(1, len(x)):
            np.multiply(out[i - 1], x[i - 1], out=out[i])
        after = self.buffer("after", dy.shape, like=out[0])
        after[...] = x[-1]
        for i in reversed(range(len(x) - 1)):
            np.multiply(out[i], after, out=out[i])
            np.multiply(after, x[i], out=after)
