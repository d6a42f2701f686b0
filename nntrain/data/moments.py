"""Mean and standard deviation, the same to the last bit on every run: by numpy, in the order of the rows."""

from __future__ import annotations

import numpy as np

from nntrain.data.array import Array

__all__ = ["moments"]

# A spread this small beside the values themselves is rounding.
ROUNDING = 1e-12


def moments(values: Array) -> tuple[Array, Array]:
    """Mean and standard deviation over the first axis, float64; a standard deviation of 1 where all rows are equal.

    Computed from values scaled to [−1, 1], so that no square overflows.
    """
    largest = np.abs(values.astype(np.float64)).max(axis=0)
    scale = np.where(largest > 0, largest, 1.0)
    scaled = values / scale
    mean, std = scaled.mean(axis=0), scaled.std(axis=0)
    return mean * scale, np.where(std > ROUNDING, std * scale, 1.0)
