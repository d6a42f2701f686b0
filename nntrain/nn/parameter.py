"""Parameters and the accumulation of their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Array

__all__ = ["add_scaled", "parameter", "same_memory"]


def parameter(*shape: int) -> tuple[Array, Array]:
    """A parameter and its gradient: zeros, float32 as all that is new."""
    return np.zeros(shape, np.float32), np.zeros(shape, np.float32)


def add_scaled(total: Array, term: Array, scale: float) -> None:
    """``total`` ← ``total`` + scale · ``term``; ``term`` is scratch memory and is overwritten unless scale is 1."""
    if scale != 1:
        np.multiply(term, scale, out=term)
    np.add(total, term, out=total)


def same_memory(array: Array) -> Any:
    """A key that two arrays share if they are the same elements, be one the transposed view of the other."""
    return array.__array_interface__["data"][0], array.size, array.dtype
