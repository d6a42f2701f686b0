"""y = aᵀ W c + b."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.nn import Array, Module, Value
from nntrain.nn.input_arrays import require_two_arrays
from nntrain.nn.parameter import add_scaled, parameter


class Bilinear(Module):
    """y[k] = aᵀ W[k] c + b[k], x = [a, c];  da = Σ dy[k] W[k] c;  dc = Σ dy[k] W[k]ᵀ a;  dW[k] = Σ dy[k] a cᵀ.

    Shapes:
        a (N, input_size1), c (N, input_size2) → y (N, output_size); dx = [da, dc]
        weight W (output_size, input_size1, input_size2), bias b (output_size,), absent with bias=False
    Initially both are U(−s, s), s = 1/√input_size1.
    Errors: ShapeError if x is not two such batches; ArgumentError for sizes below 1, and for a negative scale.
    Source: torch/nn, Bilinear.lua.
    """

    bias: Array | None = None

    def __init__(self, input_size1: int, input_size2: int, output_size: int, bias: bool = True) -> None:
        sizes = (output_size, input_size1, input_size2)
        if min(sizes) < 1:
            raise self.argument_error(f"expected sizes of at least 1, got {input_size1}, {input_size2}, {output_size}")
        self.weight, self.grad_weight = parameter(*sizes)
        if bias:
            self.bias, self.grad_bias = parameter(output_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        random.fill_by_fan_in(self.weight.shape[1], stdv, *self.get_own_parameters()[0])

    # W is a matrix that is applied to the products a cᵀ as one vector.

    def update_output(self, x: Sequence[Array]) -> Array:
        a, c = self._to_batches(x)
        products = self._get_products(a)
        np.multiply(a[:, :, None], c[:, None, :], out=products)
        y = self.output_of((len(a), len(self.weight)), like=a)
        np.matmul(flatten_samples(products), flatten_samples(self.weight).T, out=y)
        if self.bias is not None:
            np.add(y, self.bias, out=y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        a, c = self._to_batches(x)
        dproducts = self.buffer("dproducts", (len(a), *self.weight.shape[1:]), like=a)
        np.matmul(dy, flatten_samples(self.weight), out=flatten_samples(dproducts))
        dx = self.grad_inputs_of(x)
        np.matmul(dproducts, c[:, :, None], out=dx[0][:, :, None])
        np.matmul(a[:, None, :], dproducts, out=dx[1][:, None, :])
        return dx

    def acc_grad_parameters(self, x: Sequence[Array], dy: Array, scale: float = 1) -> None:
        if scale < 0:
            raise self.argument_error(f"expected a scale of at least 0, got {scale}")
        dW = self.buffer("dW", self.weight.shape, like=self.weight)
        np.matmul(dy.T, flatten_samples(self._get_products(x[0])), out=flatten_samples(dW))
        add_scaled(self.grad_weight, dW, scale)
        if self.bias is not None:
            self.accumulate("bias", scale, lambda db: np.sum(dy, axis=0, out=db))

    def _get_products(self, a: Array) -> Array:
        """Memory for a cᵀ of every sample."""
        return self.buffer("products", (len(a), *self.weight.shape[1:]), like=a)

    def _to_batches(self, x: Value) -> tuple[Array, Array]:
        """a and c."""
        _, n, m = self.weight.shape
        expected = f"two arrays of shapes (N, {n}) and (N, {m})"
        a, c = require_two_arrays(self, x, expected)
        if a.ndim != 2 or a.shape[1] != n or c.shape != (len(a), m):
            raise self.shape_error(expected, x)
        return a, c

    def label(self) -> str:
        k, n, m = self.weight.shape
        # Torch7 prints these spaces.
        return f"Bilinear({n}x{m} -> {k}) {'' if self.bias is not None else ' without bias'}"


def flatten_samples(array: Array) -> Array:
    """Return the array with all axes but the first flattened."""
    return array.reshape(len(array), -1)
