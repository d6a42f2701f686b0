"""The softmax over one axis, its logarithm, and the gradients of both, stable for inputs of any size."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array

__all__ = [
    "get_class_axis",
    "log_softmax",
    "log_softmax_gradient",
    "sigmoid",
    "softmax",
    "softmax_gradient",
    "softplus",
]


def get_class_axis(ndim: int) -> int:
    """The axis of the classes: (D,) 0, (N, D) 1, (C, H, W) 0, (N, C, H, W) 1."""
    return (ndim + 1) % 2


def softmax(x: Array, axis: int, out: Array) -> None:
    """out ← exp(x − m) / Σ exp(x − m), m = max x; ``out`` may be x."""
    np.subtract(x, x.max(axis, keepdims=True), out=out)
    np.exp(out, out=out)
    np.divide(out, out.sum(axis, keepdims=True), out=out)


def softmax_gradient(y: Array, dy: Array, axis: int, out: Array) -> None:
    """out ← y (dy − Σ dy y), where y is the softmax."""
    np.multiply(dy, y, out=out)
    np.subtract(dy, out.sum(axis, keepdims=True), out=out)
    np.multiply(out, y, out=out)


def log_softmax(x: Array, axis: int, out: Array, scratch: Array) -> None:
    """out ← x − m − log Σ exp(x − m), m = max x; ``scratch`` is memory of the same shape."""
    np.subtract(x, x.max(axis, keepdims=True), out=out)
    np.exp(out, out=scratch)
    total = scratch.sum(axis, keepdims=True)
    np.subtract(out, np.log(total, out=total), out=out)


def log_softmax_gradient(y: Array, dy: Array, axis: int, out: Array) -> None:
    """out ← dy − exp(y) Σ dy, where y is the logarithm of the softmax."""
    np.exp(y, out=out)
    np.multiply(out, dy.sum(axis, keepdims=True), out=out)
    np.subtract(dy, out, out=out)


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
