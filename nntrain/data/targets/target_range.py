"""The range that a target allows: predictions outside it are moved to its nearest end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import DataError

__all__ = ["TargetRange", "format_range_note", "resolve_range"]

# The range of the training rows; only their sign, if all have one; any number; or given.
TargetRange: TypeAlias = Literal["training", "sign", "none"] | tuple[float, float]

# Numbers whose range a note lists.
MAX_LISTED = 10


def resolve_range(
    labels: Sequence[str], min_values: Array, max_values: Array, choice: TargetRange
) -> tuple[Array, Array]:
    """The lowest and the highest prediction of each number, from the least and the greatest of its training rows.

    DataError for training rows outside a range that is given.
    """
    if choice == "training":
        return min_values, max_values
    if choice == "sign":
        return np.where(min_values >= 0, 0.0, -np.inf), np.where(max_values <= 0, 0.0, np.inf)
    low, high = (-np.inf, np.inf) if choice == "none" else choice
    for label, first, last in zip(labels, min_values, max_values, strict=True):
        if first < low or last > high:
            got = first if first < low else last
            raise DataError(
                f"target {label!r}: data.target_range: expected training rows from {low:g} to {high:g}, got {got:g}"
            )
    return np.full(len(min_values), low), np.full(len(min_values), high)


def format_range_note(labels: Sequence[str], low: Array, high: Array, choice: TargetRange) -> str:
    """What predictions are kept within, in a sentence for the user."""
    ranges = zip(labels[:MAX_LISTED], low, high, strict=False)
    listed = ", ".join(f"{label!r} {format_range(first, last)}" for label, first, last in ranges)
    more = f", and {len(labels) - MAX_LISTED} more" if len(labels) > MAX_LISTED else ""
    reasons = {
        "training": "the range of the training rows; to change it, set data.target_range",
        "sign": "the sign of the training rows; to change it, set data.target_range",
    }
    why = reasons.get(choice, "set by data.target_range") if isinstance(choice, str) else "set by data.target_range"
    return f"predictions are kept within: {listed}{more} ({why})"


def format_range(low: float, high: float) -> str:
    """A range in words."""
    if np.isinf(low) and np.isinf(high):
        return "any number"
    if np.isinf(high):
        return f"at least {low:.10g}"
    return f"at most {high:.10g}" if np.isinf(low) else f"{low:.10g} to {high:.10g}"
