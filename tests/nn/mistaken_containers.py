"""Containers with own parameters and one mistake each, which the check of the same row must find."""

from __future__ import annotations

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.nn.container import Container
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter


class Gated(Container):
    """y = w f(x), w one number that is learned, with no mistake."""

    parameter_names = ("gate",)

    def __init__(self, modules: list[Module] | None = None) -> None:
        super().__init__([nn.Linear(3, 2)] if modules is None else modules)
        self.gate, self.grad_gate = parameter(1)
        self.gate[0] = 0.5

    def update_output(self, x: Array) -> Array:
        inner = self.modules[0].forward(x)
        return np.multiply(inner, self.gate, out=self.output_of(inner.shape, like=x))

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = self.modules[0].update_grad_input(x, self.derivative(dy))
        return self.grad_input

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_gate += scale * np.vdot(dy, self.modules[0].output)
        self.modules[0].acc_grad_parameters(x, self.derivative(dy), scale)

    def derivative(self, dy: Array) -> Array:
        return np.multiply(dy, self.gate, out=self.buffer("gated", dy.shape, like=dy))


class UndeclaredParameter(Gated):
    parameter_names = ()


class LosesItsParameter(Gated):
    def parameters(self) -> tuple[list[Array], list[Array]]:
        return self.modules[0].parameters()


class KeepsItsGradient(Gated):
    def zero_grad_parameters(self) -> None:
        self.modules[0].zero_grad_parameters()


class StaysWhereItIs(Gated):
    def update_parameters(self, learning_rate: float) -> None:
        self.modules[0].update_parameters(learning_rate)


# The check that must find each mistake.
CONTAINER_MISTAKES: list[tuple[str, type[Module]]] = [
    ("arrays_with_gradients_are_parameters", UndeclaredParameter),
    ("arrays_with_gradients_are_parameters", LosesItsParameter),
    ("arrays_with_gradients_are_parameters", KeepsItsGradient),
    ("arrays_with_gradients_are_parameters", StaysWhereItIs),
]
