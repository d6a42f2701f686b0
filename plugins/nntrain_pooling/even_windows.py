"""Windows that part an axis evenly, overlapping where the sizes do not divide."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import IntArray

__all__ = ["even_starts", "even_stops"]


def even_starts(size: int, count: int) -> IntArray:
    """⌊i size / count⌋: where each window starts."""
    return np.arange(count) * size // count


def even_stops(size: int, count: int) -> IntArray:
    """⌈(i + 1) size / count⌉: where each window ends."""
    return -(np.arange(1, count + 1) * -size // count)
