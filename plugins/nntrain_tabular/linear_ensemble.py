"""A linear layer for each member of an ensemble."""

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Slice
from nntrain.compute.matmul import multiply
from nntrain.nn import parameter, writes
from nntrain.nn.bases.slicewise_module import SliceTask
from nntrain_tabular.member_linear import MemberLinear
from nntrain_tabular.row_sums import sum_member_rows


class LinearEnsemble(MemberLinear):
    """y_i = x_i W_iᵀ + b_i;  dx_i = dy_i W_i;  dW_i = dy_iᵀ x_i;  db_i = Σ dy_i, for each member i of an ensemble.

    Shapes:
        x (members, N, input_size) → y (members, N, output_size), after ``RepeatMembers``
        weight (members, output_size, input_size), bias (members, output_size)
    Initially both are U(−s, s), s = 1/√input_size, or 0 with zero_init, which suits a last layer.
    Errors: ArgumentError for sizes below 1; ShapeError for x of another shape.
    Source: Gorishniy et al., "TabM", 2025, section 3.3 (the heads of the members).
    """

    def __init__(self, input_size: int, output_size: int, members: int, zero_init: bool = False) -> None:
        self.require_sizes(input_size, output_size, members)
        self.input_size, self.output_size, self.members, self.zero_init = input_size, output_size, members, zero_init
        self.weight, self.grad_weight = parameter(members, output_size, input_size)
        self.bias, self.grad_bias = parameter(members, output_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        if self.zero_init:
            self.weight[...] = self.bias[...] = 0
        else:
            random.fill_by_fan_in(self.input_size, stdv, self.weight, self.bias)

    def plan_output(self, x: Array) -> SliceTask:
        self.require_members(x)
        y = self.output_of((*x.shape[:2], self.output_size), like=x)

        def compute(some: Slice) -> None:
            multiply(x[some], self.weight[some], y[some], transpose_b=True)
            np.add(y[some], self.bias[some, None], out=y[some])

        return SliceTask(y, compute)

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        dx = self.grad_input_of(x)

        def compute(some: Slice) -> None:
            multiply(dy[some], self.weight[some], dx[some])

        return SliceTask(dx, compute)

    @writes("weight", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.accumulate("weight", scale, multiply, dy.transpose(0, 2, 1), x)
        self.accumulate("bias", scale, sum_member_rows, dy)
