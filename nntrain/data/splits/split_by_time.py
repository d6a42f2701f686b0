"""A split by time: training on the past, tests on the future."""

from __future__ import annotations

import numpy as np

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError


def split_by_time(times: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """Return the oldest rows for training, then those for validation, and the newest for the test.

    Rows with the same time are in one set: a set starts where the time changes, as close to its fraction as possible.
    DataError for a row without a time, for text, and for fewer distinct times than sets.
    """
    if times.kind not in ("time", "number"):
        advice = f"set its type: {suggest_type(times.name, 'time')}"
        raise DataError(f"split_column {times.name!r}: expected times or numbers, got {times.kind}; {advice}")
    values = np.concatenate([chunk.values for chunk in check_split_column(times).iterate_chunks()])
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(values[order][1:] != values[order][:-1]) + 1
    fractions = [(number, fraction) for number, fraction in ((1, validation), (2, test)) if fraction]
    if len(changes) < len(fractions):
        expected = f"at least {len(fractions) + 1} distinct times, one for each set"
        raise DataError(f"split_column {times.name!r}: expected {expected}, got {len(changes) + 1}")
    set_numbers = np.zeros(len(values), np.uint8)
    first = 0
    for index, (number, _) in enumerate(fractions):
        begin = len(values) * (1 - sum(fraction for _, fraction in fractions[index:]))
        candidates = changes[first : len(changes) - (len(fractions) - index - 1)]
        nearest = int(np.abs(candidates - begin).argmin())
        set_numbers[order[candidates[nearest] :]] = number
        first += nearest + 1
    together = f"rows with the same {times.name!r} are kept together"
    return build_split_indices(set_numbers, validation=validation, test=test, more=together)
