"""A plugin of layers with ONNX writers: one that works, one that refuses, and one for a class of nntrain's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nntrain.hooks import hookimpl
from nntrain.nn import Array, Container, Criterion, Module
from nntrain_activation.tanh import Tanh


class Tripled(Tanh):
    """y = 3 tanh x."""

    def value(self, x: Array, out: Array) -> None:
        super().value(x, out)
        np.multiply(out, 3, out=out)


class Refusing(Tanh):
    """y = tanh x, which its writer does not write."""


class Twice(Container):
    """y = m(m(x))."""

    def update_output(self, x: Array) -> Array:
        self.output = self.modules[0].forward(self.modules[0].forward(x).copy())
        return self.output


class Doubling(Criterion):
    """L = Σ |2 x − t| / n."""

    def to_output_form(self, x: Array) -> Array:
        return 2 * x

    def update_output(self, x: Array, t: Array) -> float:
        self.output = float(np.abs(2 * x - t).mean())
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = self.grad_input_of(x)
        np.sign(2 * x - t, out=dx)
        return np.multiply(dx, 2 / x.size, out=dx)


def tripled(graph: Any, module: Tripled, x: Any, y: Any) -> str:
    assert x.shape == y.shape
    name: str = graph.op("Mul", graph.op("Tanh", x.name), 3.0)
    return name


def refused(graph: Any, module: Refusing, x: Any, y: Any) -> str:
    raise ValueError("no operator does that\nat all")


def twice(graph: Any, module: Twice, x: Any, y: Any) -> str:
    name: str = graph.add_module(module.modules[0], graph.add_module(module.modules[0], x, 0), 0).name
    return name


def doubled(graph: Any, criterion: Doubling, x: Any, y: Any) -> str:
    name: str = graph.op("Add", x.name, x.name)
    return name


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return Tripled, Refusing, Twice


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return (Doubling,)


@hookimpl
def nntrain_onnx_writers() -> Mapping[type[Any], Callable[..., Any]]:
    return {Tripled: tripled, Refusing: refused, Twice: twice, Doubling: doubled, Tanh: refused}
