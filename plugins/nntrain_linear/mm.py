"""y = A B."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module, Value
from nntrain.nn.input_arrays import require_two_arrays


class MM(Module):
    """y = A B, x = [A, B];  dA = dy Bᵀ;  dB = Aᵀ dy. trans_a and trans_b transpose A and B first.

    Shapes:
        A (m, n), B (n, p) → y (m, p)
        A (N, m, n), B (N, n, p) → y (N, m, p)
        dx = [dA, dB] in the shapes of x
    Errors: ShapeError if A and B do not fit.
    Source: torch/nn, MM.lua.
    """

    def __init__(self, trans_a: bool = False, trans_b: bool = False) -> None:
        self.trans_a = trans_a
        self.trans_b = trans_b

    def update_output(self, x: Sequence[Array]) -> Array:
        a, b = self._get_factors(x)
        y = self.output_of((*a.shape[:-1], b.shape[-1]), like=a)
        np.matmul(a, b, out=y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        a, b = self._get_factors(x)
        dx = self.grad_inputs_of(x)
        dy_t = dy.swapaxes(-1, -2)
        if self.trans_a:
            np.matmul(b, dy_t, out=dx[0])
        else:
            np.matmul(dy, b.swapaxes(-1, -2), out=dx[0])
        if self.trans_b:
            np.matmul(dy_t, a, out=dx[1])
        else:
            np.matmul(a.swapaxes(-1, -2), dy, out=dx[1])
        return dx

    def _get_factors(self, x: Value) -> tuple[Array, Array]:
        """The two factors, transposed by trans_a and trans_b."""
        expected = "two matrices, or two batches of equal numbers of matrices"
        a, b = require_two_arrays(self, x, expected)
        if a.ndim != b.ndim or a.ndim not in (2, 3) or a.shape[:-2] != b.shape[:-2]:
            raise self.shape_error(expected, x)
        a = a.swapaxes(-1, -2) if self.trans_a else a
        b = b.swapaxes(-1, -2) if self.trans_b else b
        if a.shape[-1] != b.shape[-2]:
            raise self.shape_error("matrices A (m, n) and B (n, p)", x)
        return a, b
