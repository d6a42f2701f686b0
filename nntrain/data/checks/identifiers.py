"""Columns that name their row and say nothing about it."""

from __future__ import annotations

import numpy as np

from nntrain.data.columns.free_text import is_free_text
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.value_stream import MAX_VALUES, ValueStream

__all__ = ["explain_identifier"]

# Fewer rows than this, and different values say nothing.
MIN_ROWS = 20

MIN_DISTINCT = 0.9

# Of the numbers 1 to N, a share of the rows has gaps; but it does not reach further than this many times its size.
MAX_RANGE_FACTOR = 2.0


def explain_identifier(raw: ValueStream, extent: ColumnStatistics) -> str | None:
    """Why the training rows ``raw`` look like ids: text nearly never twice, or the numbers of the rows."""
    if extent.known_count < MIN_ROWS or raw.kind not in ("text", "number"):
        return None
    if raw.kind == "number":
        return explain_row_number(raw, extent)
    return None if is_free_text(raw) else explain_text_identifier(raw, extent)


def explain_text_identifier(raw: ValueStream, extent: ColumnStatistics) -> str | None:
    counts = raw.count_values()
    if counts is None:
        return f"it has more than {MAX_VALUES:,} different values, more than a streamed column may have"
    distinct = len(counts) - (None in counts)
    if distinct < MIN_DISTINCT * extent.known_count:
        return None
    return f"{distinct} of {extent.known_count} training values are different, as in a name or an id"


def explain_row_number(raw: ValueStream, extent: ColumnStatistics) -> str | None:
    """Whole numbers, none twice, as dense as the numbers of the rows are in a share of the rows."""
    reach = extent.max - extent.min + 1
    if reach > MAX_RANGE_FACTOR * extent.known_count or not extent.is_integer:
        return None
    met = np.zeros(int(reach), bool)
    for chunk in raw.iterate_chunks():
        places = (chunk.values[~chunk.missing] - extent.min).astype(np.int64)
        met[places] = True
    return "it counts the rows" if np.count_nonzero(met) == extent.known_count else None
