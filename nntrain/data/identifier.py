"""Columns that name their row and say nothing about it."""

from __future__ import annotations

import numpy as np

from nntrain.data.extent import Extent
from nntrain.data.prose import is_prose
from nntrain.data.value_stream import MOST_VALUES, ValueStream

__all__ = ["looks_like_an_id"]

# Fewer rows than this, and different values say nothing.
LEAST_ROWS = 20

NEARLY_ALL = 0.9

# Of the numbers 1 to N, a share of the rows has gaps; but it does not reach further than this many times its size.
REACH = 2.0


def looks_like_an_id(raw: ValueStream, extent: Extent) -> str | None:
    """Why the training rows ``raw`` look like ids: text nearly never twice, or the numbers of the rows."""
    if extent.known < LEAST_ROWS or raw.kind not in ("text", "number"):
        return None
    if raw.kind == "number":
        return counted(raw, extent)
    return None if is_prose(raw) else text_id(raw, extent)


def text_id(raw: ValueStream, extent: Extent) -> str | None:
    counts = raw.counts()
    if counts is None:
        return f"it has more than {MOST_VALUES:,} different values, more than a streamed column may have"
    distinct = len(counts) - (None in counts)
    if distinct < NEARLY_ALL * extent.known:
        return None
    return f"{distinct} of {extent.known} training values are different, as in a name or an id"


def counted(raw: ValueStream, extent: Extent) -> str | None:
    """Whole numbers, none twice, as dense as the numbers of the rows are in a share of the rows."""
    reach = extent.high - extent.low + 1
    if reach > REACH * extent.known or not extent.whole:
        return None
    met = np.zeros(int(reach), bool)
    for chunk in raw.chunks():
        places = (chunk.values[~chunk.missing] - extent.low).astype(np.int64)
        met[places] = True
    return "it counts the rows" if np.count_nonzero(met) == extent.known else None
