"""y[i] = [v, t[i]], where x = [v, t]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Value, is_array, is_table
from nntrain.nn.module import Module


class ZipTableOneToMany(Module):
    """y[i] = [v, t[i]], x = [v, t];  dx = [Σ dy[i][0], [dy[0][1], dy[1][1], ...]].

    Shapes:
        v an array, t a list → y a list of pairs of the same arrays
    Errors: ShapeError if x is not [array, list], or the numbers of gradients and pairs differ.
    Source: torch/nn, ZipTableOneToMany.lua.
    """

    passes_memory = True
    takes_table = True

    def update_output(self, x: Sequence[Value]) -> list[list[Value]]:
        if not is_table(x) or len(x) != 2 or not is_array(x[0]) or not is_table(x[1]):
            raise self.shape_error("a list of an array and a list", x)
        self.output = y = [[x[0], t] for t in x[1]]
        return y

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Sequence[Value]]) -> list[Value]:
        v, t = x
        if len(dy) != len(t):
            raise self.shape_error(f"{len(t)} pairs of gradients", dy)
        dv = self.buffer("grad_input[0]", v.shape, like=v)
        dv[...] = 0
        for gradient, _ in dy:
            np.add(dv, gradient, out=dv)
        self.grad_input = dx = [dv, [gradient for _, gradient in dy]]
        return dx
