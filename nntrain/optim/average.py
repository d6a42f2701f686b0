"""Running averages."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array

__all__ = ["average"]


def average(mean: Array, x: Array, keep: float, scratch: Array) -> None:
    """mean ← keep · mean + (1 − keep) · x. ``scratch`` may be x."""
    np.multiply(mean, keep, out=mean)
    np.multiply(x, 1 - keep, out=scratch)
    np.add(mean, scratch, out=mean)
