"""A weight as a direction times a length."""

from __future__ import annotations

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Value
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter

__all__ = ["WeightNorm"]

# Under the root of the norm, as in the original: a row of W is a little shorter than its g.
EPSILON = 1e-4


class WeightNorm(Decorator):
    """W = g v / r, r = √(Σ_j v_j² + 1e-4) row by row;  dg = Σ_j dW_j v_j / r;  dv = dW g / r − v (g / r²) dg.

    W is m's weight as (n, k): its axis output_dim in front, the others flattened.

    Shapes:
        those of m;  v (n, k), g (n, 1), bias as m's
    Initially v is N(0, 2/k), g the norms of its rows, and the bias 0. W is computed in every training forward, and
    once when evaluate() is called: changes of v and g in evaluate mode wait for training().
    Errors: ArgumentError if m has no weight, or no axis output_dim in it.
    Source: torch/nn, WeightNorm.lua; Salimans and Kingma, "Weight Normalization", 2016, eq. 2 and 3. The original
    accumulates gradients wrongly in a second pass.
    """

    parameter_names = ("v", "g")

    def __init__(self, module: Module, output_dim: int = 0) -> None:
        super().__init__(module)
        self.output_dim = output_dim
        weight = getattr(module, "weight", None)
        if weight is None or not -weight.ndim <= output_dim < weight.ndim:
            raise self.argument_error(f"expected a module with a weight that has an axis {output_dim}, got {module}")
        n = weight.shape[output_dim]
        self.v, self.grad_v = parameter(n, weight.size // n)
        self.g, self.grad_g = parameter(n, 1)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        self.v[...] = random.initial_stream().normal(0, (2 / self.v.shape[1]) ** 0.5, self.v.shape)
        self.g[...] = np.sqrt(np.square(self.v).sum(axis=1, keepdims=True))
        for bias in self._biases()[0]:
            bias[...] = 0
        self.compute_weight()

    def parameters(self) -> tuple[list[Array], list[Array]]:
        biases, gradients = self._biases()
        own, slopes = self.get_own_parameters()
        return [*own, *biases], [*slopes, *gradients]

    def _biases(self) -> tuple[list[Array], list[Array]]:
        """m's parameters beside the weight, and their gradients."""
        pairs = list(zip(*self.module.parameters(), strict=True))
        others = [(array, gradient) for array, gradient in pairs if array is not self.module.weight]  # type: ignore[attr-defined]
        return [array for array, _ in others], [gradient for _, gradient in others]

    def to_rows(self, weight: Array) -> Array:
        """A view of m's weight with the axis output_dim in front."""
        return np.moveaxis(weight, self.output_dim, 0)

    def compute_norms(self) -> Array:
        """r (n, 1)."""
        return np.sqrt(np.square(self.v).sum(axis=1, keepdims=True) + self.v.dtype.type(EPSILON))

    def compute_weight(self) -> None:
        """Put W into m."""
        W = self.buffer("W", self.v.shape, like=self.v)
        np.multiply(self.v, self.g / self.compute_norms(), out=W)
        moved = self.to_rows(self.module.weight)  # type: ignore[attr-defined]
        moved[...] = W.reshape(moved.shape)

    def evaluate(self) -> None:
        if self.train:
            self.compute_weight()
        super().evaluate()

    def update_output(self, x: Value) -> Value:
        if self.train:
            self.compute_weight()
        return super().update_output(x)

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        dW = self.module.grad_weight  # type: ignore[attr-defined]
        dW[...] = 0
        self.module.acc_grad_parameters(x, dy, scale)
        D = self.to_rows(dW).reshape(self.v.shape)
        r = self.compute_norms()
        dg = (D * self.v).sum(axis=1, keepdims=True) / r
        self.grad_g += dg
        self.grad_v += D * (self.g / r) - self.v * (self.g / np.square(r) * dg)

    # What a container hands to its children is for v, g and bias here; W and its gradient are no parameters.
    zero_grad_parameters = Module.zero_grad_parameters
    update_parameters = Module.update_parameters
