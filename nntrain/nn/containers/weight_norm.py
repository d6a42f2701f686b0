"""A weight factored into direction and length."""

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Value
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter

# Added under the root, as in the original: the norm of a row of W is slightly less than its g.
EPSILON = 1e-4


class WeightNorm(Decorator):
    """W = g v / r, r = √(Σ_j v_j² + 1e-4) per row;  dg = Σ_j dW_j v_j / r;  dv = dW g / r − v (g / r²) dg.

    W is m's weight as (n, k): the axis output_dim first, the others flattened.

    Shapes:
        as m;  v (n, k), g (n, 1), bias as m's
    Initially v is N(0, 2/k), g the norms of its rows, and the bias 0. W is computed in every forward pass in training
    mode, and once by evaluate(): changes of v and g in evaluation mode take effect after training().
    Errors: ArgumentError if m has no weight with an axis output_dim.
    Source: torch/nn, WeightNorm.lua; Salimans and Kingma, "Weight Normalization", 2016, eq. 2 and 3. The original
    accumulates wrong gradients in a second pass.
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
        own, own_gradients = self.get_own_parameters()
        return [*own, *biases], [*own_gradients, *gradients]

    def _biases(self) -> tuple[list[Array], list[Array]]:
        """Return m's parameters other than the weight, and their gradients."""
        pairs = list(zip(*self.module.parameters(), strict=True))
        others = [(array, gradient) for array, gradient in pairs if array is not self.module.weight]  # type: ignore[attr-defined]
        return [array for array, _ in others], [gradient for _, gradient in others]

    def to_rows(self, weight: Array) -> Array:
        """Return a view of m's weight with the axis output_dim first."""
        return np.moveaxis(weight, self.output_dim, 0)

    def compute_norms(self) -> Array:
        """Return r (n, 1)."""
        return np.sqrt(np.square(self.v).sum(axis=1, keepdims=True) + self.v.dtype.type(EPSILON))

    def compute_weight(self) -> None:
        """Compute W into m's weight."""
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

    # Not Container's: v, g and bias are the parameters here; W and its gradient are not.
    zero_grad_parameters = Module.zero_grad_parameters
    update_parameters = Module.update_parameters
