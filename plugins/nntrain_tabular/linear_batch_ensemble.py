"""Linear layers of several members, which share one weight."""

from typing import Literal

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Slice
from nntrain.compute.matmul import multiply
from nntrain.nn import initial_stream, parameter, writes
from nntrain.nn.bases.slicewise_module import SliceTask
from nntrain_tabular.member_linear import MemberLinear
from nntrain_tabular.row_sums import sum_member_rows

ScaleInit = Literal["ones", "signs", "normal"]


class LinearBatchEnsemble(MemberLinear):
    """y_i = x_i W_iᵀ + b_i, W_i = (s_i r_iᵀ) ∘ W, for each member i of an ensemble.

    With D_i = dy_iᵀ x_i, the gradient of W_i, and T_i = W ∘ D_i:
    dx_i = dy_i W_i;  dW = Σ_i (s_i r_iᵀ) ∘ D_i;  dr_i = T_iᵀ s_i;  ds_i = T_i r_i;  db_i = Σ dy_i.

    Shapes:
        x (members, N, input_size) → y (members, N, output_size), after ``RepeatMembers``
        W: weight (output_size, input_size), r: input_scale (members, input_size)
        s: output_scale (members, output_size), b: bias (members, output_size), absent with bias=False
    Initially W and b are U(−k, k), k = 1/√input_size, and s = 1. scale_init: r = 1 ("ones"), r = ±1 at random
    ("signs"), as in a first layer, where it makes the members differ, or r ~ N(0, 1) ("normal").
    Errors: ArgumentError for sizes below 1 or another scale_init; ShapeError for x of another shape.
    Source: Gorishniy et al., "TabM", 2025, eq. 3; Wen et al., "BatchEnsemble", 2020, eq. 5.
    """

    parameter_names = ("weight", "input_scale", "output_scale", "bias")
    has_fan_init = True

    bias: Array | None = None

    def __init__(
        self, input_size: int, output_size: int, members: int, scale_init: ScaleInit = "ones", bias: bool = True
    ) -> None:
        self.require_sizes(input_size, output_size, members)
        if scale_init not in ("ones", "signs", "normal"):
            raise self.argument_error(f"expected a scale_init of 'ones', 'signs' or 'normal', got {scale_init!r}")
        self.input_size, self.output_size, self.members, self.scale_init = input_size, output_size, members, scale_init
        self.weight, self.grad_weight = parameter(output_size, input_size)
        self.input_scale, self.grad_input_scale = parameter(members, input_size)
        self.output_scale, self.grad_output_scale = parameter(members, output_size)
        if bias:
            self.bias, self.grad_bias = parameter(members, output_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        arrays = (self.weight,) if self.bias is None else (self.weight, self.bias)
        random.fill_by_fan_in(self.input_size, stdv, *arrays)
        self.input_scale[...] = draw_scales(self.scale_init, self.input_scale.shape)
        self.output_scale[...] = 1

    def plan_output(self, x: Array) -> SliceTask:
        self.require_members(x)
        y = self.output_of((*x.shape[:2], self.output_size), like=x)
        W = self.weight_buffer("W", x)

        def compute(some: Slice) -> None:
            self.scale(self.weight, some, W[some])
            multiply(x[some], W[some], y[some], transpose_b=True)
            if self.bias is not None:
                np.add(y[some], self.bias[some, None], out=y[some])

        return SliceTask(y, compute)

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        """Plan the gradients of each member's parameters as well, because the arrays are then in the caches."""
        dx = self.grad_input_of(x)
        W, dW = self.weight_buffer("W", x), self.weight_buffer("dW", x)
        dr, ds, db = self.get_member_gradients()

        def compute(some: Slice) -> None:
            multiply(dy[some], W[some], dx[some])
            D = multiply(dy[some], x[some], dW[some], transpose_a=True)
            T = np.multiply(D, self.weight, out=self.buffer("T", D.shape, like=D))
            np.matmul(self.output_scale[some, None], T, out=dr[some, None])
            np.matmul(T, self.input_scale[some, :, None], out=ds[some, :, None])
            self.scale(D, some, D)
            if self.bias is not None:
                sum_member_rows(dy[some], db[some])

        return SliceTask(dx, compute)

    def skip_grad_input(self) -> None:
        """The gradients of the parameters are computed with dx."""

    @writes("weight", "input_scale", "output_scale", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        dr, ds, db = self.get_member_gradients()
        self.accumulate("weight", scale, sum_members, self.weight_buffer("dW", x))
        self.accumulate("input_scale", scale, np.positive, dr)
        self.accumulate("output_scale", scale, np.positive, ds)
        if self.bias is not None:
            self.accumulate("bias", scale, np.positive, db)

    def scale(self, A: Array, some: Slice, out: Array) -> None:
        """out_i ← (s_i r_iᵀ) ∘ A, for a slice of the members; A may be one matrix or one for each."""
        np.multiply(A, self.output_scale[some, :, None], out=out)
        np.multiply(out, self.input_scale[some, None], out=out)

    def weight_buffer(self, name: str, x: Array) -> Array:
        """Return the buffer of W or dW of each member."""
        return self.buffer(name, (self.members, self.output_size, self.input_size), like=x)

    def get_member_gradients(self) -> tuple[Array, Array, Array]:
        """Return the buffers of dr, ds and db, which ``plan_grad_input`` fills."""
        r, s = self.input_scale, self.output_scale
        return (
            self.buffer("dr", r.shape, like=r),
            self.buffer("ds", s.shape, like=s),
            self.buffer("db", s.shape, like=s),
        )


def sum_members(a: Array, out: Array) -> None:
    """out ← Σ over the members."""
    np.sum(a, axis=0, out=out)


def draw_scales(kind: ScaleInit, shape: tuple[int, ...]) -> Array | float:
    """Return initial scales: 1, ±1 with equal probability, or N(0, 1)."""
    if kind == "ones":
        return 1.0
    numbers = initial_stream().normal(size=shape)
    return np.copysign(1, numbers) if kind == "signs" else numbers
