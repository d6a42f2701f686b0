"""y = x Wᵀ + b, the rows of W given by direction and length."""

from __future__ import annotations

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.compute.matmul import flatten_rows, matmul_transposed, sum_rows
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_linear.linear import Linear


class LinearWeightNorm(Linear):
    """y = x Wᵀ + b, W[j] = g[j] v[j] / n[j], n[j] = max(‖v[j]‖, eps);  dx = dy W.

    With D = dyᵀ x: dg[j] = D[j]·v[j] / n[j];  dv[j] = g[j] / n[j] (D[j] − dg[j] v[j] / n[j]);  db = Σ dy.

    Shapes:
        x (..., input_size) → y (..., output_size)
        v (output_size, input_size), g (output_size, 1), bias (output_size,), absent with bias=False
    Initially W and bias are U(−s, s), s = 1/√input_size; v is W, and g its norms. In evaluation mode, W (the attribute
    ``weight``) is the one that ``evaluate`` computed from v and g.
    Errors: ShapeError if the last axis of x is not input_size.
    Source: torch/nn, LinearWeightNorm.lua; Salimans and Kingma, "Weight Normalization", 2016.
    """

    parameter_names = ("v", "g", "bias")
    buffer_names = ("weight",)  # in evaluation mode it may be older than v and g
    has_fan_init = False

    def __init__(self, input_size: int, output_size: int, bias: bool = True, eps: float = 1e-16) -> None:
        self.eps = eps
        self.v, self.grad_v = parameter(output_size, input_size)
        self.g, self.grad_g = parameter(output_size, 1)
        super().__init__(input_size, output_size, bias)
        del self.grad_weight  # weight follows from v and g

    @staticmethod
    def from_linear(linear: Linear) -> LinearWeightNorm:
        """Return an equivalent of ``linear``."""
        layer = LinearWeightNorm(linear.input_size, linear.output_size, linear.bias is not None)
        layer.type(linear.type())
        layer.init_from_weight(linear.weight)
        if layer.bias is not None:
            layer.bias[...] = linear.bias
        return layer

    def to_linear(self) -> Linear:
        """Return an equivalent Linear."""
        layer = Linear(self.input_size, self.output_size, self.bias is not None)
        layer.type(self.type())
        self._compute_weight()
        layer.weight[...] = self.weight
        if layer.bias is not None:
            layer.bias[...] = self.bias
        return layer

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(self.input_size, stdv, self.weight, *([] if self.bias is None else [self.bias]))
        self.init_from_weight()

    def init_from_weight(self, weight: Array | None = None) -> None:
        """Set v and g from W (default: the W of the last forward)."""
        if weight is not None:
            self.weight[...] = weight
        self.v[...] = self.weight
        self.g[...] = self._compute_norm()

    def evaluate(self) -> None:
        super().evaluate()
        self._compute_weight()

    def _compute_norm(self) -> Array:
        """n."""
        n = self.buffer("norm", self.g.shape, like=self.g)
        np.einsum("oi,oi->o", self.v, self.v, out=n[:, 0])
        np.sqrt(n, out=n)
        return np.maximum(n, self.eps, out=n)

    def _compute_weight(self) -> None:
        """W ← g v / n."""
        n = self._compute_norm()
        np.multiply(self.v, np.divide(self.g, n, out=n), out=self.weight)

    def update_output(self, x: Array) -> Array:
        if self.train:
            self._compute_weight()
        return super().update_output(x)

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        dy = flatten_rows(dy)
        D = matmul_transposed(dy, flatten_rows(x), self.buffer("D", self.v.shape, like=self.v))
        n = self._compute_norm()
        dg = self.buffer("dg", self.g.shape, like=self.g)
        np.einsum("oi,oi->o", D, self.v, out=dg[:, 0])
        np.divide(dg, n, out=dg)
        dv = self.buffer("dv", self.v.shape, like=self.v)
        np.multiply(self.v, dg / n, out=dv)
        np.subtract(D, dv, out=dv)
        np.multiply(dv, self.g / n, out=dv)
        add_scaled(self.grad_v, dv, scale)
        add_scaled(self.grad_g, dg, scale)
        if self.bias is not None:
            self.accumulate("bias", scale, sum_rows, dy)
