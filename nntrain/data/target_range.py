"""The range that a target allows: predictions outside it are moved to its nearest end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from nntrain.data.array import Array
from nntrain.errors import DataError

__all__ = ["Range", "allowed", "range_note"]

# The range of the training rows; only their sign, if all have one; any number; or given.
Range: TypeAlias = Literal["training", "sign", "none"] | tuple[float, float]

# Numbers whose range a note lists.
LISTED = 10


def allowed(labels: Sequence[str], least: Array, most: Array, chosen: Range) -> tuple[Array, Array]:
    """The lowest and the highest prediction of each number, from the least and the greatest of its training rows.

    DataError for training rows outside a range that is given.
    """
    if chosen == "training":
        return least, most
    if chosen == "sign":
        return np.where(least >= 0, 0.0, -np.inf), np.where(most <= 0, 0.0, np.inf)
    low, high = (-np.inf, np.inf) if chosen == "none" else chosen
    for label, first, last in zip(labels, least, most, strict=True):
        if first < low or last > high:
            got = first if first < low else last
            raise DataError(
                f"target {label!r}: data.target_range: expected training rows from {low:g} to {high:g}, got {got:g}"
            )
    return np.full(len(least), low), np.full(len(least), high)


def range_note(labels: Sequence[str], low: Array, high: Array, chosen: Range) -> str:
    """What predictions are kept within, in a sentence for the user."""
    ranges = zip(labels[:LISTED], low, high, strict=False)
    listed = ", ".join(f"{label!r} {spelled(first, last)}" for label, first, last in ranges)
    more = f", and {len(labels) - LISTED} more" if len(labels) > LISTED else ""
    reasons = {
        "training": "the range of the training rows; to change it, set data.target_range",
        "sign": "the sign of the training rows; to change it, set data.target_range",
    }
    why = reasons.get(chosen, "set by data.target_range") if isinstance(chosen, str) else "set by data.target_range"
    return f"predictions are kept within: {listed}{more} ({why})"


def spelled(low: float, high: float) -> str:
    """A range in words."""
    if np.isinf(low) and np.isinf(high):
        return "any number"
    if np.isinf(high):
        return f"at least {low:.10g}"
    return f"at most {high:.10g}" if np.isinf(low) else f"{low:.10g} to {high:.10g}"
