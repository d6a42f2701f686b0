"""A gradient against the numeric one."""

from __future__ import annotations

import math

import numpy as np

from nntrain.nn.array import Array
from nntrain.optim.optimizer import OpFunc, evaluate

__all__ = ["checkgrad"]


def checkgrad(opfunc: OpFunc, x: Array, eps: float = 1e-7) -> tuple[float, Array, Array]:
    """|g − e| / |g + e|, with g and e, where e is (f(x + eps) − f(x − eps)) / (2 eps) for each element of x.

    The difference is 0 where both are 0, and ∞ where g = −e. x is left as it was. In single precision eps must be
    larger, about 1e-3.
    Source: torch/optim, checkgrad.lua.
    """
    gradient, estimate, start = np.empty_like(x), np.empty_like(x), x.copy()
    evaluate(opfunc, x, gradient)
    for index in range(x.size):
        x[index] = start[index] + eps
        above = float(opfunc(x)[0])
        x[index] = start[index] - eps
        below = float(opfunc(x)[0])
        x[index] = start[index]
        estimate[index] = (above - below) / (2 * eps)
    apart, together = (float(np.linalg.norm(part)) for part in (gradient - estimate, gradient + estimate))
    difference = apart / together if together else math.inf if apart else 0.0
    return difference, gradient, estimate
