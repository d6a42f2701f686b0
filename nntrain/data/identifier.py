"""Columns that name their row and say nothing about it."""

from __future__ import annotations

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn

__all__ = ["looks_like_an_id"]

# Fewer rows than this, and different values say nothing.
LEAST_ROWS = 20

NEARLY_ALL = 0.9

# Of the numbers 1 to N, a share of the rows has gaps; but it does not reach further than this many times its size.
REACH = 2.0


def looks_like_an_id(raw: RawColumn) -> str | None:
    """Why the training rows ``raw`` look like ids: text nearly never twice, or the numbers of the rows."""
    known = raw.values[~raw.missing]
    if len(known) < LEAST_ROWS or raw.kind not in ("text", "number"):
        return None
    return text_id(known) if raw.kind == "text" else counted(known)


def text_id(known: Array) -> str | None:
    distinct = len(set(known.tolist()))
    if distinct < NEARLY_ALL * len(known):
        return None
    return f"{distinct} of {len(known)} training values are different, as in a name or an id"


def counted(known: Array) -> str | None:
    """Whole numbers, none twice, as dense as the numbers of the rows are in a share of the rows."""
    reach = known.max() - known.min() + 1
    if reach > REACH * len(known) or (known % 1).any() or len(np.unique(known)) < len(known):
        return None
    return "it counts the rows"
