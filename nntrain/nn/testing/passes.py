"""A case made into a component, and one pass of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.nn.array import Array, Value, is_array
from nntrain.nn.build import build
from nntrain.nn.component import Component, TensorCache
from nntrain.nn.module import Module
from nntrain.nn.noise import Noise
from nntrain.nn.random import manual_seed, saved, stream
from nntrain.nn.state import places
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.tree import copied, mapped

__all__ = ["Pass", "draw_like", "forward", "passed", "prepared", "restarted", "set_mode", "streams"]

SEED = 20120213


@dataclass(frozen=True)
class Pass:
    """Copies of what one pass gave, and the grad_output that it was given."""

    output: Value
    grad_output: Value
    grad_input: Value
    gradients: list[Array]


def prepared(case: Case, dtype: str = "float64") -> Any:
    """The component of a case, with its parameters, buffers and mode. The same values each time."""
    manual_seed(SEED)
    component = build(case.spec, case.kind)
    cache: TensorCache = {}
    component.type(dtype, cache)
    if isinstance(component, Module):
        for inner in component.list_modules():  # each by itself, because DontCast keeps the others out
            inner.type(dtype, cache)
        give_parameters(component, case)
        for name, value in case.before.items():
            getattr(component, name)[...] = value
        set_mode(component, case.train)
    return component


def give_parameters(module: Module, case: Case) -> None:
    """The case's parameters; without any, those of the constructor, but no zeros, which would hide mistakes."""
    generator = stream(SEED, "parameters")
    for index, parameter in enumerate(module.parameters()[0]):
        if case.params is not None:
            parameter[...] = case.params[index]
        elif not parameter.any():
            parameter[...] = generator.normal(0, 0.5, parameter.shape)


def set_mode(component: Component, train: bool) -> None:
    """Training or evaluating, entered anew: what a module computes on entering is computed again."""
    if isinstance(component, Module):
        component.training()
        if not train:
            component.evaluate()


def restarted(component: Any, seed: int = SEED) -> Any:
    """The component, with every stream of noise in it at its beginning."""
    if isinstance(component, Module):
        for place, inner in places(component):
            if isinstance(inner, Noise):
                inner.generator = stream(seed, f"noise/{place}")
    return component


def streams(component: Any) -> list[Any]:
    """The states of all streams of noise."""
    inside = places(component) if isinstance(component, Module) else ()
    return [saved(inner.generator) for _, inner in inside if isinstance(inner, Noise)]


def forward(component: Any, x: Value, t: Value = None) -> Value:
    """The output of a module or criterion, not copied."""
    return component.forward(x) if isinstance(component, Module) else component.forward(x, t)


def passed(
    component: Any,
    case: Case,
    x: Value = None,
    t: Value = None,
    dy: Value = None,
    scale: float = 1,
    fresh: Callable[[Value], Value] = copied,
) -> Pass:
    """Forward, and backward from zeroed gradients, on ``fresh`` copies of the case's input or of what is given.

    Streams of noise go on where they are.
    """
    x, t = fresh(case.input if x is None else x), fresh(case.target if t is None else t)
    y = forward(component, x, t)
    output = copied(y)
    if not isinstance(component, Module):
        return Pass(output, None, copied(component.backward(x, t)), [])
    component.zero_grad_parameters()
    if not case.backward:
        return Pass(output, None, None, [])
    dy = grad_output(case, y) if dy is None else dy
    dx = component.backward(x, fresh(dy), scale)
    return Pass(output, dy, copied(dx), [gradient.copy() for gradient in component.parameters()[1]])


def grad_output(case: Case, y: Value) -> Value:
    """The case's gradient of the output, or a drawn one."""
    return draw_like(y) if case.grad_output is None else case.grad_output


def draw_like(y: Value) -> Value:
    """Normal numbers in the structure of ``y``, the same each time; 1 where it is a number."""
    generator = stream(SEED, "grad_output")

    def drawn(leaf: Any) -> Any:
        return generator.normal(size=np.shape(leaf)) if is_array(leaf) else 1.0

    return mapped(drawn, y)
