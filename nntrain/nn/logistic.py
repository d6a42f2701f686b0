"""The logistic curve and its integral, stable for inputs of any size."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array

__all__ = ["sigmoid", "softplus"]


def sigmoid(x: Array, out: Array) -> None:
    """out ← 1 / (1 + exp(−x)); ``out`` may be x."""
    np.negative(x, out=out)
    # Beyond the largest number the exponential is infinite, and 1/∞ is the 0 that is wanted.
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.reciprocal(out, out=out)


def softplus(x: Array, out: Array, scratch: Array) -> None:
    """out ← log(1 + exp x) = max(x, 0) + log(1 + exp(−|x|)); ``out`` may be x, ``scratch`` is memory of its shape."""
    np.abs(x, out=scratch)
    np.negative(scratch, out=scratch)
    np.exp(scratch, out=scratch)
    np.log1p(scratch, out=scratch)
    np.clip(x, 0, np.inf, out=out)
    np.add(out, scratch, out=out)
