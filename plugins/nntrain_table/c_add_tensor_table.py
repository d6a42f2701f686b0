"""y[i] = t[i] + a, where x = [a, t]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value, is_array, is_table
from nntrain.nn.module import Module
from nntrain_table.table_arithmetic import reshape_if_needed


class CAddTensorTable(Module):
    """y[i] = t[i] + a, x = [a, t];  dx = [Σ dy[i], dy].

    Shapes:
        a an array, t a list of arrays with equal numbers of elements, paired in row-major order → y, a list of arrays
        in the shape of a
    Errors: ShapeError if x is not [array, list of such arrays].
    Source: torch/nn, CAddTensorTable.lua.
    """

    takes_table = True

    def update_output(self, x: Sequence[Value]) -> list[Array]:
        a, terms = self._split_input(x)
        y = []
        for index, t in enumerate(terms):
            y.append(self.buffer(f"output[{index}]", a.shape, like=a))
            np.add(reshape_if_needed(t, a.shape), a, out=y[-1])
        self.output = y
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Array]) -> list[Value]:
        a, terms = self._split_input(x)
        da, dterms = dx = self.grad_inputs_of([a, terms])
        da[...] = 0
        for dt, g in zip(dterms, dy, strict=True):
            dt[...] = reshape_if_needed(g, dt.shape)
            np.add(da, reshape_if_needed(g, da.shape), out=da)
        return dx

    def _split_input(self, x: Value) -> tuple[Array, Sequence[Array]]:
        """a and t. ShapeError if x does not fit."""
        if not (is_table(x) and len(x) == 2 and is_array(x[0]) and is_table(x[1]) and all(map(is_array, x[1]))):
            raise self.shape_error("a list of an array and a list of arrays", x)
        if any(t.size != x[0].size for t in x[1]):
            raise self.shape_error("arrays with equal numbers of elements", x)
        return x[0], x[1]
