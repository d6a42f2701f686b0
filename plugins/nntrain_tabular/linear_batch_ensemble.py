"""Linear layers of several members, which share one weight."""

from typing import Literal

import numpy as np

from nntrain.compute import random
from nntrain.compute.matmul import flatten_rows, matmul
from nntrain.nn import Array, initial_stream, parameter, writes
from nntrain_tabular.map_members import map_members, multiply_all
from nntrain_tabular.member_linear import MemberLinear
from nntrain_tabular.row_sums import sum_member_rows, sum_products

ScaleInit = Literal["ones", "signs", "normal"]


class LinearBatchEnsemble(MemberLinear):
    """y_i = s_i ∘ h_i + b_i, h_i = z_i Wᵀ, z_i = r_i ∘ x_i, for each member i of an ensemble.

    With u_i = s_i ∘ dy_i and g_i = u_i W:
    dx_i = r_i ∘ g_i;  dW = Σ_i u_iᵀ z_i;  dr_i = Σ g_i ∘ x_i;  ds_i = Σ dy_i ∘ h_i;  db_i = Σ dy_i.

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

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        self.require_members(x)
        z, h = self.get_buffers("z", "h", x)
        y = self.output_of(h.shape, like=x)

        def compute(some: slice) -> None:
            np.multiply(x[some], self.input_scale[some, None], out=z[some])
            matmul(z[some], self.weight.T, h[some])
            np.multiply(h[some], self.output_scale[some, None], out=y[some])
            if self.bias is not None:
                np.add(y[some], self.bias[some, None], out=y[some])

        map_members(compute, self.members, h.size * self.input_size)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx, (_, h), (_, u) = self.grad_input_of(x), self.get_buffers("z", "h", x), self.get_buffers("z", "u", x)
        dr, ds = self.get_scale_gradients()

        def compute(some: slice) -> None:
            np.multiply(dy[some], self.output_scale[some, None], out=u[some])
            g = matmul(u[some], self.weight, dx[some])
            # Here, because the arrays are in the caches.
            sum_products(g, x[some], dr[some])
            sum_products(dy[some], h[some], ds[some])
            np.multiply(g, self.input_scale[some, None], out=g)

        map_members(compute, self.members, dy.size * self.input_size)
        return dx

    def skip_grad_input(self) -> None:
        """dr needs g, and therefore most of dx."""

    @writes("weight", "input_scale", "output_scale", "bias")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        (z, u), (dr, ds) = self.get_buffers("z", "u", x), self.get_scale_gradients()
        self.accumulate("weight", scale, multiply_all, flatten_rows(u).T, flatten_rows(z))
        self.accumulate("input_scale", scale, np.positive, dr)
        self.accumulate("output_scale", scale, np.positive, ds)
        if self.bias is not None:
            self.accumulate("bias", scale, sum_member_rows, dy)

    def get_scale_gradients(self) -> tuple[Array, Array]:
        """Return the buffers of dr and ds, which ``update_grad_input`` fills."""
        r, s = self.input_scale, self.output_scale
        return self.buffer("dr", r.shape, like=r), self.buffer("ds", s.shape, like=s)

    def get_buffers(self, like_x: str, like_y: str, x: Array) -> tuple[Array, Array]:
        """Return a buffer of the shape of x and one of the shape of y, by their names."""
        return self.buffer(like_x, x.shape, like=x), self.buffer(like_y, (*x.shape[:2], self.output_size), like=x)


def draw_scales(kind: ScaleInit, shape: tuple[int, ...]) -> Array | float:
    """Return initial scales: 1, ±1 with equal probability, or N(0, 1)."""
    if kind == "ones":
        return 1.0
    numbers = initial_stream().normal(size=shape)
    return np.copysign(1, numbers) if kind == "signs" else numbers
