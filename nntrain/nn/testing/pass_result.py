"""Build the component of a case, and run one pass of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Value, is_array
from nntrain.compute.random import create_stream, manual_seed
from nntrain.nn.building.builder import build
from nntrain.nn.component import Component, TensorCache
from nntrain.nn.module import Module
from nntrain.nn.state import named_noise
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.tree import copy_tree, map_leaves

SEED = 20120213


@dataclass(frozen=True)
class PassResult:
    """Copies of the results of one pass, and its grad_output."""

    output: Value
    grad_output: Value
    grad_input: Value
    gradients: list[Array]


def prepare_component(case: Case, dtype: str = "float64") -> Any:
    """Build the component of a case with its parameters, buffers and mode; always the same values."""
    manual_seed(SEED)
    component = build(case.spec, case.kind)
    cache: TensorCache = {}
    component.type(dtype, cache)
    if isinstance(component, Module):
        for inner in component.list_modules():  # one by one, because DontCast does not convert its module
            inner.type(dtype, cache)
        set_parameters(component, case)
        for name, value in case.before.items():
            getattr(component, name)[...] = value
        set_mode(component, case.train)
    return component


def set_parameters(module: Module, case: Case) -> None:
    """Set the case's parameters; by default the initial ones, with zeros replaced, which would hide errors."""
    generator = create_stream(SEED, "parameters")
    for index, parameter in enumerate(module.parameters()[0]):
        if case.params is not None:
            parameter[...] = case.params[index]
        elif not parameter.any():
            parameter[...] = generator.normal(0, 0.5, parameter.shape)


def set_mode(component: Component, train: bool) -> None:
    """Set training or evaluation mode; a module repeats its computations of a mode change."""
    if isinstance(component, Module):
        component.training()
        if not train:
            component.evaluate()


def restart_streams(component: Any, seed: int = SEED) -> Any:
    """Restart every random stream of a component and return it."""
    if isinstance(component, Module):
        for path, inner in named_noise(component):
            inner.generator = create_stream(seed, f"noise/{path}")
    return component


def run_forward(component: Any, x: Value, t: Value = None) -> Value:
    """Return the output of a module or criterion, not copied."""
    return component.forward(x) if isinstance(component, Module) else component.forward(x, t)


def run_pass(
    component: Any,
    case: Case,
    x: Value = None,
    t: Value = None,
    dy: Value = None,
    scale: float = 1,
    copy_value: Callable[[Value], Value] = copy_tree,
) -> PassResult:
    """Run forward, and backward from zeroed gradients, on copies of the case's input or of the arguments.

    Random streams continue from their current states.
    """
    x, t = copy_value(case.input if x is None else x), copy_value(case.target if t is None else t)
    y = run_forward(component, x, t)
    output = copy_tree(y)
    if not isinstance(component, Module):
        return PassResult(output, None, copy_tree(component.backward(x, t)), [])
    component.zero_grad_parameters()
    if not case.backward:
        return PassResult(output, None, None, [])
    dy = get_grad_output(case, y) if dy is None else dy
    dx = component.backward(x, copy_value(dy), scale)
    return PassResult(output, dy, copy_tree(dx), [gradient.copy() for gradient in component.parameters()[1]])


def get_grad_output(case: Case, y: Value) -> Value:
    """Return the case's grad_output, or a random one."""
    return draw_like(y) if case.grad_output is None else case.grad_output


def draw_like(y: Value) -> Value:
    """Return normal random numbers in the structure of ``y``, always the same; 1 for a number."""
    generator = create_stream(SEED, "grad_output")

    def draw(leaf: Any) -> Any:
        return generator.normal(size=np.shape(leaf)) if is_array(leaf) else 1.0

    return map_leaves(draw, y)
