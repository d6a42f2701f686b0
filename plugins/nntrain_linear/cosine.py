"""y_j = cos(x, w_j)."""

import numpy as np

from nntrain.compute import random
from nntrain.nn import Array, Module
from nntrain.nn.parameter import add_scaled, parameter

# Added to lengths, so that those of zero vectors can be divided by.
EPS = 1e-12


class Cosine(Module):
    """y_j = x·w_j / (|w_j| |x|), |v| = ‖v‖ + 1e-12;  dx = Σ dy_j (w_j / (|w_j| |x|) − y_j x / |x|²).

    dw_j = Σ dy_j (x / (|w_j| |x|) − y_j w_j / |w_j|²).

    Shapes:
        x (input_size,) or (N, input_size) → y (output_size,) or (N, output_size)
        weight (output_size, input_size)
    Initially weight is U(−s, s), s = 1/√output_size.
    Errors: ShapeError if x is not of these shapes; ArgumentError for sizes below 1.
    Source: torch/nn, Cosine.lua.
    """

    needs_output = True
    parameter_names = ("weight",)
    inferred = {"input_size": -1}

    def __init__(self, input_size: int, output_size: int) -> None:
        self.require_sizes(input_size, output_size)
        self.weight, self.grad_weight = parameter(output_size, input_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(len(self.weight), stdv, self.weight)

    def update_output(self, x: Array) -> Array:
        count, size = self.weight.shape
        self.require(x, 1, 2, size=size, expected=f"an input of shape ({size},) or (N, {size})")
        y = self.output_of((*x.shape[:-1], count), like=x)
        rows = x.reshape(-1, size)
        out = y.reshape(-1, count)
        np.matmul(rows, self.weight.T, out=out)
        np.divide(out, self._compute_norms("weight_length", self.weight), out=out)
        np.divide(out, self._compute_norms("x_length", rows)[:, None], out=out)
        return y

    def _compute_norms(self, name: str, rows: Array) -> Array:
        """Return |v| for every row, in memory ``name``."""
        length = self.buffer(name, (len(rows),), like=rows)
        np.einsum("ni,ni->n", rows, rows, out=length, casting="same_kind")
        np.sqrt(length, out=length)
        return np.add(length, EPS, out=length)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        rows, out = x.reshape(-1, x.shape[-1]), dx.reshape(-1, x.shape[-1])
        length = self._compute_norms("x_length", rows)[:, None]
        along = self._sum_along(dy, "nj,nj->n", len(rows))[:, None]
        np.matmul(self._divide_by_norms(dy), self.weight, out=out)
        part = self.buffer("part", rows.shape, like=rows)
        np.multiply(rows, along / length, out=part)
        np.subtract(out, part, out=out)
        np.divide(out, length, out=out)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        rows = x.reshape(-1, x.shape[-1])
        unit = self.buffer("part", rows.shape, like=rows)
        np.divide(rows, self._compute_norms("x_length", rows)[:, None], out=unit)
        dw = self.buffer("dw", self.weight.shape, like=self.weight)
        np.matmul(self._divide_by_norms(dy).T, unit, out=dw)
        length = self._compute_norms("weight_length", self.weight)
        along = self._sum_along(dy, "nj,nj->j", len(self.weight)) / length**2
        part = self.buffer("weight_part", self.weight.shape, like=self.weight)
        np.multiply(self.weight, along[:, None], out=part)
        np.subtract(dw, part, out=dw)
        add_scaled(self.grad_weight, dw, scale)

    def _divide_by_norms(self, dy: Array) -> Array:
        """dy_j / |w_j|."""
        part = self.buffer("per_weight", dy.shape, like=dy)
        np.divide(dy, self._compute_norms("weight_length", self.weight), out=part)
        return part.reshape(-1, dy.shape[-1])

    def _sum_along(self, dy: Array, sums: str, count: int) -> Array:
        """Return Σ dy y for each row or each column."""
        out = self.buffer(sums, (count,), like=dy)
        shape = (-1, dy.shape[-1])
        np.einsum(sums, dy.reshape(shape), self.output.reshape(shape), out=out, casting="same_kind")
        return out
