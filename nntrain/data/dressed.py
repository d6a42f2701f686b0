"""Columns of text that are numbers with something around them: $1,200.50, 15 %."""

from __future__ import annotations

import re

from nntrain.data.value_stream import ValueStream

__all__ = ["dressed"]

MARKS = "[$€£¥%°]"
GROUPS = r"(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+"
NUMBER = re.compile(rf"[-+(]?\s?{MARKS}?\s?[-+]?(?:{GROUPS})\s?{MARKS}?\)?")


def dressed(raw: ValueStream) -> str | None:
    """What to say of a column whose every value is such a number; None of any other."""
    # Most columns are told by their first value, without counting all.
    if raw.kind != "text" or not NUMBER.fullmatch(first_of(raw)):
        return None
    counts = raw.counts()
    values = [value for value in counts or () if value is not None]
    if not values or not all(NUMBER.fullmatch(value) for value in values):
        return None
    odd = next((value for value in values if not value.isdigit()), values[0])
    return (
        f"column {raw.name!r} is taken for text, but all of its values are numbers with something around them, such as "
        f"{odd!r}: write them as plain as 1200.5 to have them as numbers"
    )


def first_of(raw: ValueStream) -> str:
    """The first value that is there; the empty text if none is."""
    known = (value for chunk in raw.chunks() for value in chunk.values if value is not None)
    return str(next(known, ""))
