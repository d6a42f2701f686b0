"""The weights of classes, as losses are given them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.criterion import Criterion

__all__ = ["class_weights"]


def class_weights(criterion: Criterion, weights: Sequence[float] | Array | None) -> Array | None:
    """A copy of ``weights`` as an array (C,). ArgumentError for another shape, and for negative ones."""
    if weights is None:
        return None
    w = np.array(weights, np.float64)
    if w.ndim != 1 or not np.all(w >= 0):
        raise criterion.argument_error(f"expected weights of shape (C,), none of them negative, got {weights}")
    return w
