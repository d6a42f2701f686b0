"""Numbers that look as if they meant a missing value, such as -999."""

from __future__ import annotations

import math
import re

import numpy as np

from nntrain.data.advice import setting_column
from nntrain.data.extent import Extent
from nntrain.data.value_stream import ValueStream

__all__ = ["sentinels"]

# What people type where a form wants a number.
SENTINEL = re.compile("-?(?:9{2,}|8{2,}|7{2,})|-[19]")

# So many rows with the very same number far outside are not a measurement.
LEAST_ROWS = 3


def sentinels(raw: ValueStream) -> list[str]:
    """A note if a number of the training rows is repeated, far outside of the rest, and one that stands for nothing.

    Far: the distance to the nearest other number is more than the range of all others.
    """
    if raw.kind != "number":
        return []
    extent = Extent.of(raw)
    for value in (extent.low, extent.high):
        if math.isfinite(value) and value.is_integer() and SENTINEL.fullmatch(str(int(value))):
            return far_outside(raw, value)
    return []


def far_outside(raw: ValueStream, value: float) -> list[str]:
    """The note about the lowest or the highest number, if it is far outside and repeated."""
    rows, others = 0, Extent()
    for chunk in raw.chunks():
        same = chunk.values == value
        rows += int(np.count_nonzero(same))
        others.add(chunk.take(np.flatnonzero(~same & ~chunk.missing)))
    distance = min(abs(value - others.low), abs(value - others.high))
    if rows < LEAST_ROWS or rows > others.known or not 0 < others.high - others.low < distance:
        return []
    return [
        f"column {raw.name!r}: {value:.0f} occurs {rows:,} times, far outside of the other values ({others.low:g} to "
        f"{others.high:g}); if it means a missing value: {setting_column(raw.name, 'missing', [f'{value:.0f}'])}"
    ]
