"""Gradients kept short."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array

__all__ = ["clip"]


def clip(g: Array, value: float | None, norm: float | None) -> None:
    """Each element ← the nearest number in [−value, value];  then g ← g · min(1, norm / ‖g‖₂). None: no limit.

    In this order both limits hold at the end. The norm is that of all parameters together.
    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """
    if value is not None:
        np.clip(g, -value, value, out=g)
    if norm is not None:
        length = float(np.linalg.norm(g))
        if length > norm:
            np.multiply(g, norm / length, out=g)
