"""Numbers on a log scale, and when they are better learned there."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array

__all__ = ["MIN_SPREAD", "from_log", "is_log_better", "to_log"]

# Numbers suit a log scale if they are skewed by more than the first, and their logarithms by less than the second.
MIN_SKEWNESS, MAX_LOG_SKEWNESS = 1.0, 0.5

# It is clearly better if the standard deviation of the logarithms is at least this: 95 % of the values then span a
# factor of 400. With less, where the relative errors become smaller, the squared ones often become larger.
MIN_SPREAD = 1.5

# The skewness of fewer rows than this may be chance.
MIN_ROWS = 100


def to_log(x: Array, start: Array) -> Array:
    """ln x from ``start`` > 0 on; below, the tangent there, so that every number has a value; x where ``start`` is 0.

    Shapes:
        x (n, k) → (n, k) float64;  start (k,)
    """
    y = np.array(x, np.float64)
    for column, low in enumerate(start):
        if low > 0:
            # One column at a time, so that numpy takes the same way through it whatever lies next to it.
            values = np.ascontiguousarray(y[:, column])
            y[:, column] = np.where(values < low, np.log(low) + (values - low) / low, np.log(np.maximum(values, low)))
    return y


def from_log(y: Array, start: Array) -> Array:
    """The x whose ``to_log`` is y."""
    x = np.array(y, np.float64)
    for column, low in enumerate(start):
        if low > 0:
            values, edge = np.ascontiguousarray(x[:, column]), np.log(low)
            with np.errstate(over="ignore"):
                x[:, column] = np.where(values < edge, low * (1 + values - edge), np.exp(np.maximum(values, edge)))
    return x


def is_log_better(rows: int, skewness: Array, log_skewness: Array) -> Array:
    """Whether positive numbers suit a log scale, from what their training rows are: bool (k,)."""
    return (skewness > MIN_SKEWNESS) & (np.abs(log_skewness) < MAX_LOG_SKEWNESS) & (rows >= MIN_ROWS)
