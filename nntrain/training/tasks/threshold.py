"""The probability above which a class or label is predicted."""

from typing import TypeAlias

import numpy as np

from nntrain.compute.array import Array

# One threshold, or one for each label.
Threshold: TypeAlias = float | list[float]

DEFAULT_THRESHOLD = 0.5


def is_above_threshold(p: Array, threshold: Threshold, default: Array) -> Array:
    """Whether p > threshold; ``default``, decided by the outputs before rounding to p, if threshold is 0.5.

    p is compared in double precision, like the written probabilities.
    """
    limit = np.asarray(threshold, np.float64)
    return np.where(limit == DEFAULT_THRESHOLD, default, p.astype(np.float64) > limit)
