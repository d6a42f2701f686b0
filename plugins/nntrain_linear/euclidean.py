"""y_j = ‖x − w_j‖."""

from typing import ClassVar

import numpy as np

from nntrain.compute import random
from nntrain.nn import Array, Module
from nntrain.nn.parameter import add_scaled, parameter

# Makes the gradient 0 where the distance is 0.
EPS = 1e-7


class Euclidean(Module):
    """y_j = ‖x − w_j‖, w_j = W[:, j];  dx = Σ q_j (x − w_j);  dw_j = −Σ q_j (x − w_j), q_j = dy_j / (y_j + 1e-7).

    Shapes:
        x (input_size,) or (N, input_size) → y (output_size,) or (N, output_size)
        weight W (input_size, output_size)
    Initially weight is U(−s, s), s = 1/√input_size.
    Errors: ShapeError if x is not of these shapes; ArgumentError for sizes below 1.
    Source: torch/nn, Euclidean.lua.
    """

    needs_output = True
    parameter_names: ClassVar[tuple[str, ...]] = ("weight",)
    inferred = {"input_size": -1}

    def __init__(self, input_size: int, output_size: int) -> None:
        self.require_sizes(input_size, output_size)
        self.weight, self.grad_weight = parameter(input_size, output_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(len(self.weight), stdv, self.weight)

    def update_output(self, x: Array) -> Array:
        size, count = self.weight.shape
        self.require(x, 1, 2, size=size, expected=f"an input of shape ({size},) or (N, {size})")
        difference = self.get_scratch(x, "difference")
        np.subtract(x.reshape(-1, size, 1), self.weight, out=difference)
        y = self.output_of((*x.shape[:-1], count), like=x)
        scaled = self.scale_difference(difference)
        np.einsum("nij,nij->nj", scaled, scaled, out=y.reshape(-1, count), casting="same_kind")
        np.sqrt(y, out=y)
        return y

    def scale_difference(self, difference: Array) -> Array:
        """The vectors whose norms are the distances."""
        return difference

    def compute_distance_gradient(self, x: Array) -> Array:
        """y_j ∂y_j/∂x."""
        return self.get_scratch(x, "difference")

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        q = self.compute_ratio(x, dy)
        np.matmul(self.compute_distance_gradient(x), q[:, :, None], out=dx.reshape(len(q), -1, 1))
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        dw = self.buffer("dw", self.weight.shape, like=self.weight)
        q, slopes = self.compute_ratio(x, dy), self.compute_distance_gradient(x)
        np.einsum("nj,nij->ij", q, slopes, out=dw, casting="same_kind")
        add_scaled(self.grad_weight, np.negative(dw, out=dw), scale)

    def compute_ratio(self, x: Array, dy: Array) -> Array:
        """q as (N, output_size)."""
        q = self.buffer("ratio", dy.shape, like=x)
        np.add(self.output, EPS, out=q)
        np.divide(dy, q, out=q)
        return q.reshape(-1, dy.shape[-1])

    def get_scratch(self, x: Array, name: str) -> Array:
        """Memory (N, input_size, output_size)."""
        return self.buffer(name, (x.size // len(self.weight), *self.weight.shape), like=x)
