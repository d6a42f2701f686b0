"""Parameters and the accumulation of their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements, zeros
from nntrain.compute.array import Array

__all__ = ["add_scaled", "get_memory_key", "get_written_names", "parameter", "writes"]

Method = TypeVar("Method", bound=Callable[..., None])


def parameter(*shape: int) -> tuple[Array, Array]:
    """A parameter and its gradient: zeros, float32 as all that is new."""
    reserve_elements(*shape)
    return zeros(*shape), zeros(*shape)


def add_scaled(total: Array, term: Array, scale: float) -> None:
    """``total`` ← ``total`` + scale · ``term``; ``term`` is scratch memory and is overwritten unless scale is 1."""
    if scale != 1:
        np.multiply(term, scale, out=term)
    np.add(total, term, out=total)


def writes(*names: str) -> Callable[[Method], Method]:
    """Mark an ``acc_grad_parameters`` that gives each of these parameters' gradients to ``Module.accumulate`` once.

    A subclass that overrides the method without the mark is only ever added to.
    """

    def mark(method: Method) -> Method:
        setattr(method, "writes", names)  # noqa: B010 - a function has no such attribute that a type checker knows
        return method

    return mark


def get_written_names(module: Any) -> tuple[str, ...]:
    """The parameters that such a mark names."""
    return getattr(module.acc_grad_parameters, "writes", ())


def get_memory_key(array: Array) -> Any:
    """A key that two arrays share if they are the same elements, be one the transposed view of the other."""
    return array.__array_interface__["data"][0], array.size, array.dtype
