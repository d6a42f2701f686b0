"""The logarithm of the mean of several probabilities, and its gradient, numerically stable."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.functional import log_softmax


def log_mean_softmax(x: Array, log_p: Array, scratch: Array, out: Array) -> None:
    """log_p_i ← log softmax(x_i) over the last axis;  out ← log (1/M Σ_i p_i), x and log_p (M, ..., C), out (..., C).

    ``scratch`` has the shape of x.
    """
    log_softmax(x, -1, log_p, scratch)
    np.max(log_p, axis=0, out=out)
    np.subtract(log_p, out, out=scratch)
    np.exp(scratch, out=scratch)
    total = np.sum(scratch, axis=0, out=scratch[0])
    np.add(out, np.log(np.divide(total, len(x), out=total), out=total), out=out)


def log_mean_softmax_gradient(log_p: Array, y: Array, dy: Array, scratch: Array, out: Array) -> None:
    """out_i ← g_i − p_i Σ g_i, g_i = dy p_i / Σ_i p_i, for y = log (1/M Σ_i p_i); the sum of g_i is over the last axis.

    ``scratch`` has the shape of log_p.
    """
    np.subtract(log_p, y, out=out)
    np.exp(out, out=out)
    np.multiply(out, dy, out=out)
    np.divide(out, len(log_p), out=out)
    np.exp(log_p, out=scratch)
    np.multiply(scratch, out.sum(-1, keepdims=True), out=scratch)
    np.subtract(out, scratch, out=out)
