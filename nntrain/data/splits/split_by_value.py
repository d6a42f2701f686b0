"""A split that stands in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.split_indices import SplitIndices, build_split_indices, check_split_column
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["split_by_value"]

SPLIT_NAMES = ("train", "validation", "test")


def split_by_value(column: ValueStream, values: Mapping[str, Sequence[str]] | None) -> SplitIndices:
    """Each row is in the part that its value means: the name of a part, or what ``values`` says of each part.

    DataError for a row without a value or with another one, and if none is for training.
    """
    meanings = {part: (part,) for part in SPLIT_NAMES} if values is None else values
    part_of = {value: SPLIT_NAMES.index(part) for part, meant in meanings.items() for value in meant}
    found = [assign_splits(chunk.to_text(), part_of) for chunk in check_split_column(column).iterate_chunks()]
    sides = np.concatenate(found)
    if sides.all():
        wanted = " or ".join(map(repr, meanings.get("train", ()))) or "a value for train in data.split_values"
        raise DataError(f"split_column {column.name!r}: expected {wanted} in a row at least, got none to train on")
    return build_split_indices(sides, validation=0, test=0)


def assign_splits(chunk: RawColumn, part_of: Mapping[str, int]) -> Array:
    """The part of each row (n,)."""
    try:
        return np.fromiter((part_of[value] for value in chunk.values), np.uint8, len(chunk.values))
    except KeyError as error:
        raise DataError(
            f"split_column {chunk.name!r}: expected one of {', '.join(map(repr, part_of))}, got {error.args[0]!r}; "
            "say what each value means with data.split_values"
        ) from None
