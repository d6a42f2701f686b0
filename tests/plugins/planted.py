"""A plugin of six layers with one fault each, and one without."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.hooks import hookimpl
from nntrain.nn import Array, Elementwise, Module, parameter


class Right(Module):
    """y = x Wᵀ, without a fault."""

    inferred = {"n_input": -1}

    def __init__(self, n_input: int, n_output: int = 2) -> None:
        self.n_output = n_output
        self.weight, self.grad_weight = parameter(n_output, n_input)

    def update_output(self, x: Array) -> Array:
        return np.matmul(x, self.weight.T, out=self.output_of((len(x), self.n_output), like=x))

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.matmul(dy, self.weight, out=self.grad_input_of(x))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += scale * dy.T @ x


class WrongDerivative(Elementwise):
    """y = x², but the 2 of 2x is forgotten."""

    def value(self, x: Array, out: Array) -> None:
        np.multiply(x, x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.copyto(out, x)


class WritesInput(Right):
    """Normalizes what it is given where it lies."""

    def update_output(self, x: Array) -> Array:
        x -= x.mean(1, keepdims=True)
        return super().update_output(x)


class AllocatesOutput(Module):
    """y = tanh x, in new memory each time."""

    def update_output(self, x: Array) -> Array:
        self.output = np.tanh(x)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        np.multiply(self.output, self.output, out=dx)
        np.subtract(1, dx, out=dx)
        return np.multiply(dx, dy, out=dx)


class ForgetsScale(Right):
    """Adds the gradient, whatever the scale."""

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += dy.T @ x


class BreaksFloat32(Module):
    """y = x / √2, with a constant in double precision."""

    def update_output(self, x: Array) -> Array:
        self.output = self.buffer("output", x.shape, like=x, dtype=np.float64)
        return np.divide(x, np.sqrt(2.0), out=self.output)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.divide(dy, np.sqrt(2.0), out=self.grad_input_of(x))


class BreaksFlattened(Right):
    """Keeps the weight of the beginning in a view."""

    def __init__(self, n_input: int, n_output: int = 2) -> None:
        super().__init__(n_input, n_output)
        self.turned: Any = None

    def update_output(self, x: Array) -> Array:
        if self.turned is None:
            self.turned = self.weight.T
        return np.matmul(x, self.turned, out=self.output_of((len(x), self.n_output), like=x))


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return Right, WrongDerivative, WritesInput, AllocatesOutput, ForgetsScale, BreaksFloat32, BreaksFlattened
