"""Which encoder a column gets."""

from __future__ import annotations

from nntrain.data.advice import taking_for
from nntrain.data.column_options import ColumnOptions
from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.text_column import TEXT_FEATURES, TextColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.extent import Extent
from nntrain.data.identifier import looks_like_an_id
from nntrain.data.prose import has_words, is_prose
from nntrain.data.value_stream import ValueStream

__all__ = ["fit_column", "useless"]


def useless(raw: ValueStream, options: ColumnOptions) -> str | None:
    """Why the training rows of a column tell a network nothing, in words for the user."""
    extent = Extent.of(raw)
    if extent.first is None:
        return "it has no value in the training rows"
    if extent.equal and not extent.missing:
        return f"its value is {extent.first.as_text().values[0]} in every training row"
    if not options.declares_kind and (reason := looks_like_an_id(raw, extent)):
        kind = "number" if raw.kind == "number" else "text" if has_words(raw) else "category"
        return f"{reason}; keep it with {taking_for(raw.name, kind)}"
    return None


def fit_column(
    raw: ValueStream, options: ColumnOptions, one_hot_limit: int, text_features: int = TEXT_FEATURES
) -> Column:
    """The encoder of a column, fitted on its training rows ``raw``."""
    if options.type == "text" or (not options.declares_kind and is_prose(raw)):
        return TextColumn.fit(raw.as_text(), text_features)
    if options.type == "category" or options.encoding is not None or raw.kind == "text":
        return fit_category(raw.as_text(), options, one_hot_limit)
    if raw.kind == "boolean":
        return BooleanColumn.fit(raw)
    return TimeColumn.fit(raw) if raw.kind == "time" else NumberColumn.fit(raw)


def fit_category(raw: ValueStream, options: ColumnOptions, one_hot_limit: int) -> CategoryColumn:
    """One-hot up to ``one_hot_limit`` different values, above it an index, unless ``options`` says which."""
    if options.encoding is None:
        counts = raw.counts()
        few = counts is not None and len(counts) - (None in counts) <= one_hot_limit
        return OneHotColumn.fit(raw) if few else IndexColumn.fit(raw)
    return OneHotColumn.fit(raw) if options.encoding == "one_hot" else IndexColumn.fit(raw)
