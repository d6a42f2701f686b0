"""Numbers that look as if they meant a missing value, such as -999."""

from __future__ import annotations

import numpy as np

from nntrain.data.advice import setting_column
from nntrain.data.extent import Extent
from nntrain.data.value_stream import ValueStream

__all__ = ["sentinels"]

# What people type where a form wants a number.
CANDIDATES = np.array(
    [sign * int(digit * size) for sign in (-1, 1) for digit in "789" for size in range(2, 7)] + [-1, -9]
)

# So many rows with the very same number far outside are not a measurement.
LEAST_ROWS = 3


def sentinels(raw: ValueStream) -> list[str]:
    """A note if numbers of the training rows are repeated, far outside of the rest, and such as stand for nothing.

    Far: the distance to the nearest other number is more than the range of all others.
    """
    if raw.kind != "number":
        return []
    extent = Extent.of(raw)
    return far_outside(raw) if {extent.low, extent.high} & set(CANDIDATES.tolist()) else []


def far_outside(raw: ValueStream) -> list[str]:
    """The note about the candidates that are far outside and repeated."""
    rows, others = np.zeros(len(CANDIDATES), np.int64), Extent()
    for chunk in raw.chunks():
        same = chunk.values[:, None] == CANDIDATES
        rows += np.count_nonzero(same, axis=0)
        others.add(chunk.take(np.flatnonzero(~same.any(axis=1) & ~chunk.missing)))
    reach = others.high - others.low
    distance = np.minimum(np.abs(CANDIDATES - others.low), np.abs(CANDIDATES - others.high))
    far = np.flatnonzero((rows >= LEAST_ROWS) & (rows <= others.known) & (distance > reach) & (reach > 0))
    if not len(far):
        return []
    found = [f"{CANDIDATES[index]:.0f}" for index in far]
    counts = ", ".join(f"{text} occurs {rows[index]:,} times" for text, index in zip(found, far, strict=True))
    return [
        f"column {raw.name!r}: {counts}, far outside of the other values ({others.low:g} to {others.high:g}); if it "
        f"means a missing value: {setting_column(raw.name, 'missing', found)}"
    ]
