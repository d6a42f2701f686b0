"""y = x[0] / x[1]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.table_arithmetic import TableArithmetic


class CDivTable(TableArithmetic):
    """y = x[0] / x[1];  dx = [dy / x[1], −(dy / x[1]) / x[1] · x[0]].

    Shapes:
        x two arrays with equal numbers of elements, paired in row-major order → y in the shape of x[0]
    Further elements of x are ignored and have no gradient. Division by 0 gives ±∞, or NaN for 0 / 0.
    Errors: ShapeError if x is not a list of such arrays.
    Source: torch/nn, CDivTable.lua.
    """

    min_arrays = max_arrays = 2

    def value(self, x: Sequence[Array], out: Array) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(x[0], x[1], out=out)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        da, db = out
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(dy, x[1], out=da)
            np.divide(da, x[1], out=db)
            np.multiply(db, x[0], out=db)
            np.negative(db, out=db)
