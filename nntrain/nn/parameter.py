"""Parameters and the accumulation of their gradients."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements, zeros
from nntrain.compute.array import Array

Method = TypeVar("Method", bound=Callable[..., None])


def parameter(*shape: int) -> tuple[Array, Array]:
    """Return a parameter and its gradient, both float32 zeros."""
    reserve_elements(*shape)
    return zeros(*shape), zeros(*shape)


def add_scaled(total: Array, term: Array, scale: float) -> None:
    """``total`` ← ``total`` + scale · ``term``; overwrites ``term`` unless scale is 1."""
    if scale != 1:
        np.multiply(term, scale, out=term)
    np.add(total, term, out=total)


def writes(*names: str) -> Callable[[Method], Method]:
    """Mark an ``acc_grad_parameters`` that calls ``Module.accumulate`` exactly once for each of these parameters.

    Such gradients need not be zeroed before a step. An override in a subclass without the mark gets zeroed gradients.
    """

    def mark(method: Method) -> Method:
        setattr(method, "writes", names)  # noqa: B010 - type checkers reject unknown attributes of functions
        return method

    return mark


def get_memory_key(array: Array) -> Any:
    """Return a key that is equal for arrays with the same elements in memory, such as transposed views."""
    return array.__array_interface__["data"][0], array.size, array.dtype
