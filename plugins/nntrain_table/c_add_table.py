"""y = x[0] + x[1] + ..."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.table_arithmetic import TableArithmetic


class CAddTable(TableArithmetic):
    """y = x[0] + x[1] + ...;  dx[i] = dy.

    Shapes:
        x arrays with equal numbers of elements, paired in row-major order → y in the shape of x[0]
    With inplace, the sum overwrites x[0], and every dx[i] is dy itself.
    Errors: ShapeError if x is not a list of such arrays.
    Source: torch/nn, CAddTable.lua.
    """

    changes_signs = True
    mutable_arguments = ("inplace",)

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def update_output(self, x: Sequence[Array]) -> Array:
        if not self.inplace:
            return super().update_output(x)
        arrays = self.get_arrays(x)
        self.output = y = arrays[0]
        self.value(arrays, y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        if not self.inplace:
            return super().update_grad_input(x, dy)
        self.grad_input = dx = [dy] * len(x)
        return dx

    def value(self, x: Sequence[Array], out: Array) -> None:
        if len(x) == 1:
            out[...] = x[0]
        else:
            np.add(x[0], x[1], out=out)
        for term in x[2:]:
            np.add(out, term, out=out)

    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        for dx in out:
            dx[...] = dy
