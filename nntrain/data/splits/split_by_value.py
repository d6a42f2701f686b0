"""A split by a column with the set of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

SPLIT_NAMES = ("train", "validation", "test")


def split_by_value(column: ValueStream, values: Mapping[str, Sequence[str]] | None) -> SplitIndices:
    """Return the sets that the values name, or those to which ``values`` assigns them.

    DataError for a row without a value or with an unknown one, and if there are no training rows.
    """
    names = {name: (name,) for name in SPLIT_NAMES} if values is None else values
    numbers = {value: SPLIT_NAMES.index(name) for name, assigned in names.items() for value in assigned}
    chunks = check_split_column(column).iterate_chunks()
    set_numbers = np.concatenate([look_up_sets(to_text(chunk), numbers) for chunk in chunks])
    if set_numbers.all():
        expected = " or ".join(map(repr, names.get("train", ()))) or "a value for train in data.split_values"
        raise DataError(f"split_column {column.name!r}: expected {expected} in at least one row, got no training rows")
    return build_split_indices(set_numbers, validation=0, test=0)


def look_up_sets(chunk: RawColumn, numbers: Mapping[str, int]) -> Array:
    """Return the number of the set of each row (n,)."""
    try:
        return np.fromiter((numbers[value] for value in chunk.values), np.uint8, len(chunk.values))
    except KeyError as error:
        raise DataError(
            f"split_column {chunk.name!r}: expected one of {', '.join(map(repr, numbers))}, got {error.args[0]!r}; "
            "assign each value to a set with data.split_values"
        ) from None
