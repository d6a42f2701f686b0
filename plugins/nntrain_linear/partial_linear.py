"""y = x W[p]ᵀ + b[p]."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.nn import Array, Module, parameter
from nntrain_linear.row_sums import add_at_rows


class PartialLinear(Module):
    """y = x W[p]ᵀ + b[p], p the partition;  dx = dy W[p];  dW[p] = dyᵀ x;  db[p] = Σ dy.

    Shapes:
        x (N, input_size) → y (N, len(p))
        weight W (output_size, input_size), bias b (1, output_size), absent with bias=False
        partition: row indices in any order, which may repeat; None: all rows
    Initially weight is N(0, 1) and bias 0; ``reset`` has no effect. ``set_partition`` and ``reset_partition`` change
    the partition; rows outside it get no gradient.
    Errors: ShapeError for another x; ArgumentError for sizes below 1 and rows that W does not have.
    Source: torch/nn, PartialLinear.lua.
    """

    mutable_arguments = ("partition",)
    inferred = {"input_size": -1}
    sized_by_target = "output_size"

    partition: Sequence[int] | None
    bias: Array | None = None

    def __init__(
        self, input_size: int, output_size: int, bias: bool = True, partition: Sequence[int] | None = None
    ) -> None:
        self.require_sizes(input_size, output_size)
        self.weight, self.grad_weight = parameter(output_size, input_size)
        self.weight[...] = random.initial_stream().normal(size=self.weight.shape)
        if bias:
            self.bias, self.grad_bias = parameter(1, output_size)
        self.set_partition(partition)

    def set_partition(self, indices: Sequence[int] | None) -> None:
        """Set the partition to these rows."""
        count = len(self.weight)
        rows = np.asarray(range(count) if indices is None else indices)
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or not rows.size or rows.min() < 0 or rows.max() >= count:
            raise self.argument_error(f"expected a partition of rows 0..{count - 1}, got {indices}")
        self.partition = indices
        self._rows = rows.astype(np.intp)

    def reset_partition(self) -> None:
        """Set the partition to all rows."""
        self.set_partition(None)

    def update_output(self, x: Array) -> Array:
        size = self.weight.shape[1]
        self.require(x, 2, size=size, expected=f"an input of shape (N, {size})")
        y = self.output_of((len(x), len(self._rows)), like=x)
        np.matmul(x, self._select_rows().T, out=y)
        if self.bias is not None:
            np.add(y, self.bias[0, self._rows], out=y)
        return y

    def _select_rows(self) -> Array:
        """W[p]."""
        if self.partition is None:
            return self.weight
        chosen = self.buffer("chosen", (len(self._rows), self.weight.shape[1]), like=self.weight)
        return np.take(self.weight, self._rows, axis=0, out=chosen, mode="clip")

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        np.matmul(dy, self._select_rows(), out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        dW = self.buffer("dW", (len(self._rows), self.weight.shape[1]), like=self.weight)
        np.matmul(dy.T, x, out=dW)
        add_at_rows(self, self.grad_weight, self._rows, np.multiply(dW, scale, out=dW))
        if self.bias is not None:
            np.add.at(self.grad_bias[0], self._rows, scale * dy.sum(axis=0))

    def label(self) -> str:
        size, count = self.weight.shape[1], len(self.weight)
        return f"PartialLinear({size} -> {count}){'' if self.bias is not None else ' without bias'}"
