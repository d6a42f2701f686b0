"""Positions along several axes as positions in flat memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.nn.array import Index, Shape

__all__ = ["flat_positions"]


def flat_positions(places: Sequence[Index], sizes: Shape) -> Index:
    """The positions (L, *m) in a plane of these sizes, from those along each axis, (L, m) each; L is 1 for all planes.

    They add up, so parts of a position may be taken together afterwards, and a part may lie outside.
    """
    total = places[0]
    for place, size in zip(places[1:], sizes[1:], strict=True):
        total = total[..., None] * size + np.expand_dims(place, tuple(range(1, total.ndim)))
    return total
