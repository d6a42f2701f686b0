"""Targets that say yes or no by their sign."""

from __future__ import annotations

import numpy as np

from nntrain.errors import ShapeError
from nntrain.nn.array import Array
from nntrain.nn.criterion import Criterion

__all__ = ["signs"]


def signs(criterion: Criterion, t: Array | float, count: int) -> Array:
    """t as an array of ``count`` targets, all of them 1 or -1. ShapeError otherwise."""
    targets = np.asarray(t)
    if targets.size != count:
        raise criterion.shape_error(f"{count} targets of 1 or -1", t)
    wrong = np.abs(targets) != 1
    if wrong.any():
        raise criterion.placed(ShapeError(f"expected targets of 1 or -1, got {targets[wrong][0]}"))
    return targets
