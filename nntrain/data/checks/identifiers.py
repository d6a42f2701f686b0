"""ID columns, which carry no information."""

import numpy as np

from nntrain.data.columns.free_text import is_free_text
from nntrain.data.tables.column_statistics import ColumnStatistics, count_distinct
from nntrain.data.tables.raw_column import MAX_VALUES, ValueStream

# With fewer rows than this, distinct values are not informative.
MIN_ROWS = 20

# The minimum fraction of distinct strings of names and IDs.
MIN_DISTINCT_FRACTION = 0.9

# From this number of rows on, columns with a larger fraction of distinct strings are excluded too: most of their
# categories have too few rows to learn from.
MIN_ROWS_FOR_CATEGORIES = 100
MAX_CATEGORY_FRACTION = 0.2

# The training rows have gaps in the numbers 1 to N of all rows: their range is at most this many times their count.
MAX_RANGE_FACTOR = 2.0


def explain_identifier(raw: ValueStream, statistics: ColumnStatistics) -> str | None:
    """Return why the training rows ``raw`` look like IDs: many distinct strings, or row numbers; None if not."""
    if statistics.known_count < MIN_ROWS or raw.kind not in ("text", "number"):
        return None
    if raw.kind == "number":
        return "it looks like a row number" if is_row_number(raw, statistics) else None
    if is_free_text(raw):
        return None
    distinct = count_distinct(raw)
    if distinct is None:
        return f"it has more than {MAX_VALUES:,} distinct values, the maximum for a streamed column"
    found = f"{distinct} of {statistics.known_count} training values are distinct"
    if distinct >= MIN_DISTINCT_FRACTION * statistics.known_count:
        return f"{found}, like a name or an ID"
    if statistics.known_count < MIN_ROWS_FOR_CATEGORIES or distinct <= MAX_CATEGORY_FRACTION * statistics.known_count:
        return None
    return f"{found}, too many for a category"


def is_row_number(raw: ValueStream, statistics: ColumnStatistics) -> bool:
    """Whether the numbers are distinct integers, as dense as the row numbers of a sample of rows."""
    size = statistics.max - statistics.min + 1
    if size > MAX_RANGE_FACTOR * statistics.known_count or not statistics.is_integer:
        return False
    occurs = np.zeros(int(size), bool)
    for chunk in raw.iterate_chunks():
        occurs[(chunk.known - statistics.min).astype(np.int64)] = True
    return np.count_nonzero(occurs) == statistics.known_count
