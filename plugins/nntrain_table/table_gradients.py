"""Gradients for layers that select elements of a list."""

from typing import Any

from nntrain.compute.array import Value, is_array, is_table
from nntrain.nn.module import Module


def get_zero_gradient(module: Module, name: str, x: Value) -> Any:
    """Return zeros in the structure of x, in the module's memory ``name``; None for a number."""
    if isinstance(x, dict):
        return {key: get_zero_gradient(module, f"{name}[{key!r}]", value) for key, value in x.items()}
    if is_table(x):
        return [get_zero_gradient(module, f"{name}[{index}]", value) for index, value in enumerate(x)]
    if not is_array(x):
        return None
    dx = module.buffer(name, x.shape, like=x)
    dx[...] = 0
    return dx


def copy_gradient(total: Value, term: Value) -> None:
    """``total`` ← ``term`` element by element, where both have a gradient."""
    if total is None or term is None:
        return
    if is_table(total):
        for inner, value in zip(total, term, strict=True):
            copy_gradient(inner, value)
    else:
        total[...] = term
