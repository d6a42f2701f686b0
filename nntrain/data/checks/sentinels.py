"""Sentinels: numbers that look like codes for a missing value, such as -999."""

import numpy as np

from nntrain.data.option_suggestions import suggest_column_key
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.raw_column import ValueStream

# Values that people enter where a form requires a number.
CANDIDATE_VALUES = np.array(
    [sign * int(digit * size) for sign in (-1, 1) for digit in "789" for size in range(2, 7)] + [-1, -9]
)

# From this number of rows on, the same number far outside the others is not a measurement.
MIN_ROWS = 3


def find_sentinels(raw: ValueStream) -> list[str]:
    """Return a note if training rows repeat candidate sentinels far outside the other numbers.

    Far outside: the distance to the nearest other number exceeds the range of all others.
    """
    if raw.kind != "number":
        return []
    statistics = ColumnStatistics.compute(raw)
    if not {statistics.min, statistics.max} & set(CANDIDATE_VALUES.tolist()):
        return []
    rows, others = np.zeros(len(CANDIDATE_VALUES), np.int64), ColumnStatistics()
    for chunk in raw.iterate_chunks():
        same = chunk.values[:, None] == CANDIDATE_VALUES
        rows += np.count_nonzero(same, axis=0)
        others.add(chunk.take(np.flatnonzero(~same.any(axis=1) & ~chunk.missing)))
    size = others.max - others.min
    distance = np.minimum(np.abs(CANDIDATE_VALUES - others.min), np.abs(CANDIDATE_VALUES - others.max))
    far = np.flatnonzero((rows >= MIN_ROWS) & (rows <= others.known_count) & (distance > size) & (size > 0))
    if not len(far):
        return []
    sentinels = [f"{CANDIDATE_VALUES[index]:.0f}" for index in far]
    counts = ", ".join(f"{text} occurs {rows[index]:,} times" for text, index in zip(sentinels, far, strict=True))
    return [
        f"column {raw.name!r}: {counts}, far outside the other values ({others.min:g} to {others.max:g}); if it "
        f"means a missing value: {suggest_column_key(raw.name, 'missing', sentinels)}"
    ]
