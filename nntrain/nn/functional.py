"""Softmax, log-softmax, their gradients, sigmoid and softplus, numerically stable."""

import numpy as np

from nntrain.compute.array import Array


def get_class_axis(ndim: int) -> int:
    """Return the class axis: 0 for (D,) and (C, H, W), 1 for (N, D) and (N, C, H, W)."""
    return (ndim + 1) % 2


def softmax(x: Array, axis: int, out: Array) -> None:
    """out ← exp(x − m) / Σ exp(x − m), m = max x; ``out`` may be x."""
    np.subtract(x, x.max(axis, keepdims=True), out=out)
    np.exp(out, out=out)
    np.divide(out, out.sum(axis, keepdims=True), out=out)


def softmax_gradient(y: Array, dy: Array, axis: int, out: Array) -> None:
    """out ← y (dy − Σ dy y), y = softmax(x)."""
    np.multiply(dy, y, out=out)
    np.subtract(dy, out.sum(axis, keepdims=True), out=out)
    np.multiply(out, y, out=out)


def log_softmax(x: Array, axis: int, out: Array, scratch: Array) -> None:
    """out ← x − m − log Σ exp(x − m), m = max x; ``scratch`` has the same shape."""
    np.subtract(x, x.max(axis, keepdims=True), out=out)
    np.exp(out, out=scratch)
    total = scratch.sum(axis, keepdims=True)
    np.subtract(out, np.log(total, out=total), out=out)


def log_softmax_gradient(y: Array, dy: Array, axis: int, out: Array) -> None:
    """out ← dy − exp(y) Σ dy, y = log softmax(x)."""
    np.exp(y, out=out)
    np.multiply(out, dy.sum(axis, keepdims=True), out=out)
    np.subtract(dy, out, out=out)


def sigmoid(x: Array, out: Array) -> None:
    """out ← 1 / (1 + exp(−x)); ``out`` may be x."""
    np.negative(x, out=out)
    # If the exponential overflows to ∞, 1/∞ = 0 is the correct result.
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.reciprocal(out, out=out)


def softplus(x: Array, out: Array, scratch: Array) -> None:
    """out ← log(1 + exp x) = max(x, 0) + log(1 + exp(−|x|)); ``out`` may be x, ``scratch`` has its shape."""
    np.abs(x, out=scratch)
    np.negative(scratch, out=scratch)
    np.exp(scratch, out=scratch)
    np.log1p(scratch, out=scratch)
    np.clip(x, 0, np.inf, out=out)
    np.add(out, scratch, out=out)
