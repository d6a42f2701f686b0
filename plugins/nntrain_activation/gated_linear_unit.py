"""y = a σ(c), where x = [a, c]."""

import numpy as np

from nntrain.compute.array import Array, resolve_axis
from nntrain.nn.functional import sigmoid
from nntrain.nn.module import Module
from nntrain_activation.halves import split_in_half


class GatedLinearUnit(Module):
    """y = a σ(c), x = [a, c];  dx = [dy σ(c), dy a σ(c) (1 − σ(c))];  σ(c) = 1 / (1 + exp(−c)).

    Shapes:
        x (..., 2n, ...) → y (..., n, ...), split along dim (default: the last axis)
    Errors: ShapeError if x has no axis dim, or an odd size along dim.
    Source: torch/nn, GatedLinearUnit.lua; Dauphin et al., "Language Modeling with Gated Convolutional Networks",
    2017.
    """

    needs_output = True

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def update_output(self, x: Array) -> Array:
        a, c = split_in_half(x, self._get_axis(x))
        y = self.output_of(a.shape, like=x)
        gate = self.buffer("gate", a.shape, like=x)
        sigmoid(c, gate)
        np.multiply(a, gate, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        da, dc = split_in_half(dx, self._get_axis(x))
        gate = self.buffer("gate", da.shape, like=x)
        np.multiply(dy, gate, out=da)
        np.subtract(1, gate, out=dc)
        np.multiply(dc, self.output, out=dc)
        np.multiply(dc, dy, out=dc)
        return dx

    def _get_axis(self, x: Array) -> int:
        """The axis along which x is split."""
        axis = resolve_axis(x, -1 if self.dim is None else self.dim)
        if axis is None or x.shape[axis] % 2:
            raise self.shape_error(f"an input of even size along axis {-1 if self.dim is None else self.dim}", x)
        return axis
