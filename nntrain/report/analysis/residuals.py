"""Errors of predicted numbers."""

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array

# Groups of rows by target.
MAX_GROUPS = 10


@dataclass(frozen=True)
class ErrorBySize:
    """Groups of rows with similar targets, ascending: from ``low`` to ``high``, with their errors.

    ``mae``: the mean absolute error. ``bias``: the mean of prediction − target.
    """

    low: Array
    high: Array
    mae: Array
    bias: Array
    rows: Array


def compute_error_by_size(y: Array, t: Array, weights: Array | None) -> ErrorBySize:
    """Return the errors of predictions y (N,) in groups of about equally many targets t (N,)."""
    w = np.ones(len(t)) if weights is None else weights.astype(np.float64)
    order = np.argsort(t, kind="stable")
    groups = [group for group in np.array_split(order, min(MAX_GROUPS, len(t))) if w[group].sum() > 0]
    errors = y - t
    return ErrorBySize(
        np.array([t[group].min() for group in groups]),
        np.array([t[group].max() for group in groups]),
        np.array([np.average(np.abs(errors[group]), weights=w[group]) for group in groups]),
        np.array([np.average(errors[group], weights=w[group]) for group in groups]),
        np.array([len(group) for group in groups]),
    )
