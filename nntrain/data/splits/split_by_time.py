"""A split in which the future judges what was learnt from the past."""

from __future__ import annotations

import numpy as np

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["split_by_time"]


def split_by_time(times: ValueStream, *, validation: float, test: float) -> SplitIndices:
    """The oldest rows train, the newest are for the test, and those before them for validation.

    Rows of one time are never in two parts: a part begins where the time changes, as near to its share as that allows.
    DataError for a row without a time, texts, and fewer different times than parts.
    """
    if times.kind not in ("time", "number"):
        advice = f"say how it reads: {suggest_type(times.name, 'time')}"
        raise DataError(f"split_column {times.name!r}: expected times or numbers, got {times.kind}; {advice}")
    values = np.concatenate([chunk.values for chunk in check_split_column(times).iterate_chunks()])
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(values[order][1:] != values[order][:-1]) + 1
    shares = [(part, share) for part, share in ((1, validation), (2, test)) if share]
    if len(changes) < len(shares):
        wanted = f"at least {len(shares) + 1} different times, one for each part"
        raise DataError(f"split_column {times.name!r}: expected {wanted}, got {len(changes) + 1}")
    part_of = np.zeros(len(values), np.uint8)
    first = 0
    for number, (part, _) in enumerate(shares):
        begin = len(values) * (1 - sum(share for _, share in shares[number:]))
        candidates = changes[first : len(changes) - (len(shares) - number - 1)]
        nearest = int(np.abs(candidates - begin).argmin())
        part_of[order[candidates[nearest] :]] = part
        first += nearest + 1
    together = f"rows with the same {times.name!r} are kept together"
    return build_split_indices(part_of, validation=validation, test=test, more=together)
