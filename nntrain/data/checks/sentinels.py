"""Numbers that look as if they meant a missing value, such as -999."""

from __future__ import annotations

import numpy as np

from nntrain.data.option_suggestions import suggest_column_key
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.value_stream import ValueStream

__all__ = ["find_sentinels"]

# What people type where a form wants a number.
CANDIDATE_VALUES = np.array(
    [sign * int(digit * size) for sign in (-1, 1) for digit in "789" for size in range(2, 7)] + [-1, -9]
)

# So many rows with the very same number far outside are not a measurement.
MIN_ROWS = 3


def find_sentinels(raw: ValueStream) -> list[str]:
    """A note if numbers of the training rows are repeated, far outside of the rest, and such as stand for nothing.

    Far: the distance to the nearest other number is more than the range of all others.
    """
    if raw.kind != "number":
        return []
    extent = ColumnStatistics.compute(raw)
    return find_repeated_outliers(raw) if {extent.min, extent.max} & set(CANDIDATE_VALUES.tolist()) else []


def find_repeated_outliers(raw: ValueStream) -> list[str]:
    """The note about the candidates that are far outside and repeated."""
    rows, others = np.zeros(len(CANDIDATE_VALUES), np.int64), ColumnStatistics()
    for chunk in raw.iterate_chunks():
        same = chunk.values[:, None] == CANDIDATE_VALUES
        rows += np.count_nonzero(same, axis=0)
        others.add(chunk.take(np.flatnonzero(~same.any(axis=1) & ~chunk.missing)))
    reach = others.max - others.min
    distance = np.minimum(np.abs(CANDIDATE_VALUES - others.min), np.abs(CANDIDATE_VALUES - others.max))
    far = np.flatnonzero((rows >= MIN_ROWS) & (rows <= others.known_count) & (distance > reach) & (reach > 0))
    if not len(far):
        return []
    found = [f"{CANDIDATE_VALUES[index]:.0f}" for index in far]
    counts = ", ".join(f"{text} occurs {rows[index]:,} times" for text, index in zip(found, far, strict=True))
    return [
        f"column {raw.name!r}: {counts}, far outside of the other values ({others.min:g} to {others.max:g}); if it "
        f"means a missing value: {suggest_column_key(raw.name, 'missing', found)}"
    ]
