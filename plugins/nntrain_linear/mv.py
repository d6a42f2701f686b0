"""y = M v."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module, Value
from nntrain.nn.input_arrays import require_two_arrays


class MV(Module):
    """y = M v, x = [M, v];  dM = dy vᵀ;  dv = Mᵀ dy. With trans, y = Mᵀ v;  dM = v dyᵀ;  dv = M dy.

    Shapes:
        M (m, n), v (n,) → y (m,)
        M (N, m, n), v (N, n) → y (N, m)
    Errors: ShapeError if M and v do not fit.
    Source: torch/nn, MV.lua.
    """

    def __init__(self, trans: bool = False) -> None:
        self.trans = trans

    def update_output(self, x: Sequence[Array]) -> Array:
        matrix, v = self._get_factors(x)
        y = self.output_of(matrix.shape[:-1], like=matrix)
        np.matmul(matrix, v[..., None], out=y[..., None])
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        matrix, v = self._get_factors(x)
        dx = self.grad_inputs_of(x)
        left, right = (v, dy) if self.trans else (dy, v)
        np.multiply(left[..., :, None], right[..., None, :], out=dx[0])
        np.matmul(matrix.swapaxes(-1, -2), dy[..., None], out=dx[1][..., None])
        return dx

    def _get_factors(self, x: Value) -> tuple[Array, Array]:
        """The matrix, transposed with trans, and the vector."""
        expected = "a matrix (m, n) and a vector (n,), or batches of them"
        matrix, v = require_two_arrays(self, x, expected)
        if matrix.ndim in (2, 3) and self.trans:
            matrix = matrix.swapaxes(-1, -2)
        if matrix.ndim not in (2, 3) or v.shape != (*matrix.shape[:-2], matrix.shape[-1]):
            raise self.shape_error(expected, x)
        return matrix, v
