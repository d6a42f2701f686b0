"""Windows that divide an axis evenly, overlapping where the sizes do not divide."""

import numpy as np

from nntrain.compute.array import IntArray


def compute_window_starts(size: int, count: int) -> IntArray:
    """⌊i size / count⌋, the start of each window i."""
    return np.arange(count) * size // count


def compute_window_stops(size: int, count: int) -> IntArray:
    """⌈(i + 1) size / count⌉, the end of each window i."""
    return -(np.arange(1, count + 1) * -size // count)
