"""Which encoder a column gets."""

from __future__ import annotations

import numpy as np

from nntrain.data.column_options import ColumnOptions
from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.identifier import looks_like_an_id
from nntrain.data.raw_column import RawColumn

__all__ = ["fit_column", "useless"]


def useless(raw: RawColumn, options: ColumnOptions) -> str | None:
    """Why the training rows of a column tell a network nothing, in words for the user."""
    missing = raw.missing
    known = raw.values[~missing]
    if not len(known):
        return "it has no value in the training rows"
    if not missing.any() and (known == known[0]).all():
        return f"its value is {raw.take(np.array([0])).as_text().values[0]} in every training row"
    if options.type is None and options.encoding is None and (reason := looks_like_an_id(raw)):
        kind = "category" if raw.kind == "text" else "number"
        return f"{reason}; keep it with --set 'data.columns.{raw.name}.type=\"{kind}\"'"
    return None


def fit_column(raw: RawColumn, options: ColumnOptions, one_hot_limit: int) -> Column:
    """The encoder of a column, fitted on its training rows ``raw``."""
    if options.type == "category" or options.encoding is not None or raw.kind == "text":
        return fit_category(raw.as_text(), options, one_hot_limit)
    if raw.kind == "boolean":
        return BooleanColumn.fit(raw)
    return TimeColumn.fit(raw) if raw.kind == "time" else NumberColumn.fit(raw)


def fit_category(raw: RawColumn, options: ColumnOptions, one_hot_limit: int) -> CategoryColumn:
    """One-hot up to ``one_hot_limit`` different values, above it an index, unless ``options`` says which."""
    if options.encoding is None:
        few = len({value for value in raw.values if value is not None}) <= one_hot_limit
        return OneHotColumn.fit(raw) if few else IndexColumn.fit(raw)
    return OneHotColumn.fit(raw) if options.encoding == "one_hot" else IndexColumn.fit(raw)
