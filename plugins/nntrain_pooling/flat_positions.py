"""Positions along several axes as positions in flat memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import IntArray, Shape

__all__ = ["flat_positions"]


def flat_positions(places: Sequence[IntArray], sizes: Shape, out: IntArray | None = None) -> IntArray:
    """The positions (planes, *m) in a plane of these sizes, from those along each axis: (planes, m) or (1, m).

    They add up, so parts of a position may be taken together afterwards, and a part may lie outside.
    """
    total = places[0]
    for axis, (place, size) in enumerate(zip(places[1:], sizes[1:], strict=True), 1):
        last = out if axis == len(places) - 1 else None
        total = np.add(total[..., None] * size, np.expand_dims(place, tuple(range(1, axis + 1))), out=last)
    return total
