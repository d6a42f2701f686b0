"""y = x Wᵀ + b."""

from collections.abc import Callable
from functools import partial

import numpy as np

from nntrain.compute import random
from nntrain.compute.matmul import (
    add_product,
    flatten_rows,
    is_pair_faster,
    matmul,
    matmul_transposed,
    sum_rows,
)
from nntrain.compute.threads import map_parallel
from nntrain.nn import Array, Value, parameter, writes
from nntrain.nn.backward_checks import check_input
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule


class Linear(SlicewiseModule):
    """y = x Wᵀ + b;  dx = dy W;  dW = dyᵀ x;  db = Σ dy, over the last axis of x.

    Shapes:
        x (..., input_size) → y (..., output_size)
        weight (output_size, input_size), bias (output_size,), absent with bias=False
    Initially both are U(−s, s), s = 1/√input_size.
    Errors: ShapeError if the last axis of x is not input_size.
    Source: torch/nn, Linear.lua, which takes one or two axes only.
    """

    inferred = {"input_size": -1}
    sized_by_target = "output_size"
    has_fan_init = True

    bias: Array | None = None

    def __init__(self, input_size: int, output_size: int, bias: bool = True) -> None:
        self.require_sizes(input_size, output_size)
        self.input_size = input_size
        self.output_size = output_size
        self.weight, self.grad_weight = parameter(output_size, input_size)
        if bias:
            self.bias, self.grad_bias = parameter(output_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(self.input_size, stdv, *self.get_own_parameters()[0])

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self._allocate_output(x)
        self._transform(x, y)
        return y

    def plan_output(self, x: Array) -> SliceTask:
        y = self._allocate_output(x)
        return SliceTask(y, lambda some: self._transform(x[some], y[some]), self.input_size)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return matmul(dy, self.weight, self.grad_input_of(x))

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        dx = self.grad_input_of(x)
        return SliceTask(dx, lambda some: matmul(dy[some], self.weight, dx[some]), self.output_size)

    def _allocate_output(self, x: Array) -> Array:
        """Set ``output`` and return it. ShapeError if the last axis of x is not input_size."""
        if x.shape[-1:] != (self.input_size,):
            raise self.shape_error(f"an input of shape (N, {self.input_size})", x)
        return self.output_of((*x.shape[:-1], self.output_size), like=x)

    def _transform(self, x: Array, y: Array) -> None:
        """y ← x Wᵀ + b."""
        matmul(x, self.weight, y, transpose_b=True)
        if self.bias is not None:
            np.add(y, self.bias, out=y)

    def backward(self, x: Array, dy: Array, scale: float = 1) -> Value:
        if not self.gives_grad_input or not is_pair_faster(dy.size * self.input_size):
            return super().backward(x, dy, scale)
        if self._fed is not x:
            check_input(self, x)
        tasks: tuple[Callable[[], Value], ...] = (
            partial(self.update_grad_input, x, dy),
            partial(self.acc_grad_parameters, x, dy, scale),
        )
        return map_parallel(lambda task: task(), tasks)[0]

    @writes("weight", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        if dy.ndim != 2:
            x, dy = flatten_rows(x), flatten_rows(dy)
        if "weight" in self.unset_gradients or not add_product(dy, x, self.grad_weight, scale):
            self.accumulate("weight", scale, matmul_transposed, dy, x)
        if self.bias is not None:
            self.accumulate("bias", scale, sum_rows, dy)

    def label(self) -> str:
        bias = "" if self.bias is not None else " without bias"
        return f"{type(self).__name__}({self.input_size} -> {self.output_size}){bias}"
