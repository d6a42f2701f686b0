"""y = W[x]."""

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, IntArray
from nntrain.nn import Module, parameter
from nntrain.nn.input_arrays import to_indices
from nntrain_linear.row_sums import add_at_rows


class LookupTable(Module):
    """y = W[x], a row for each index;  dW[i] = Σ dy where x is i;  dx = 0.

    Shapes:
        x (L,) or (N, L), integers 0..n_index − 1 → y (L, n_output) or (N, L, n_output)
        weight (n_index, n_output)
    Initially weight is N(0, 1).
    padding_value: index of the row without a gradient. scale_grad_by_freq: the terms of an index are divided by its
    number of occurrences in x. max_norm: each lookup first rescales the rows in x whose norm (Σ |w|^p)^(1/p),
    p = norm_type, is larger to this norm, in the weight itself.
    Errors: ShapeError for another number of axes and for other numbers; ArgumentError for a norm_type ≤ 0, or a
    padding_value outside 0..n_index − 1.
    Source: torch/nn, LookupTable.lua.
    """

    parameter_names = ("weight",)

    def __init__(
        self,
        n_index: int,
        n_output: int,
        padding_value: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2,
        scale_grad_by_freq: bool = False,
    ) -> None:
        self.require_sizes(n_index, n_output)
        if norm_type <= 0:
            raise self.argument_error(f"expected a norm_type above 0, got {norm_type}")
        if padding_value is not None and not 0 <= padding_value < n_index:
            raise self.argument_error(f"expected a padding_value of 0..{n_index - 1}, got {padding_value}")
        self.padding_value = padding_value
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.weight, self.grad_weight = parameter(n_index, n_output)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        self.weight[...] = random.initial_stream().normal(0, 1 if stdv is None else stdv, self.weight.shape)

    def update_output(self, x: Array) -> Array:
        self.require(x, 1, 2, expected="indices of shape (L,) or (N, L)")
        rows = to_indices(self, "rows", x, len(self.weight))
        if self.max_norm is not None:
            self._renormalize(rows, self.max_norm)
        y = self.output_of((*x.shape, self.weight.shape[1]), like=self.weight)
        # The rows are checked: "clip" only avoids a copy of y in NumPy.
        np.take(self.weight, rows, axis=0, out=y, mode="clip")
        return y

    def _renormalize(self, rows: IntArray, max_norm: float) -> None:
        """Rescale the rows whose norm is larger."""
        rows = np.unique(rows)
        norm = np.linalg.norm(self.weight[rows], self.norm_type, axis=1)
        larger = norm > max_norm
        self.weight[rows[larger]] *= (max_norm / (norm[larger] + 1e-7))[:, None].astype(self.weight.dtype)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = dx = self.buffer("grad_input", x.shape, like=x, dtype=x.dtype)
        dx[...] = 0
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        rows = to_indices(self, "rows", x, len(self.weight)).reshape(-1)
        add_at_rows(self, self.grad_weight, rows, self._compute_terms(rows, dy.reshape(len(rows), -1), scale))

    def _compute_terms(self, rows: IntArray, dy: Array, scale: float) -> Array:
        """The term of each row in the gradient of its index."""
        factor = np.full(rows.shape, scale, dy.dtype)
        if self.scale_grad_by_freq:
            factor /= np.bincount(rows)[rows]
        if self.padding_value is not None:
            factor[rows == self.padding_value] = 0
        elif scale == 1 and not self.scale_grad_by_freq:
            return dy
        terms = self.buffer("terms", dy.shape, like=dy)
        np.multiply(dy, factor[:, None], out=terms)
        return terms
