"""The encoders by name: what a checkpoint names is looked up here, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.checks.identifiers import explain_identifier
from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.free_text import has_words, is_free_text
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES, TextColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.data.option_suggestions import suggest_type
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.value_stream import ValueStream
from nntrain.specs.state_schema import validate_state

__all__ = ["COLUMN_TYPES", "explain_uselessness", "fit_column", "restore_column"]

COLUMN_TYPES: dict[str, type[Column]] = {
    "BooleanColumn": BooleanColumn,
    "IndexColumn": IndexColumn,
    "NumberColumn": NumberColumn,
    "OneHotColumn": OneHotColumn,
    "TextColumn": TextColumn,
    "TimeColumn": TimeColumn,
}


def restore_column(state: Mapping[str, Any]) -> Column:
    """The encoder whose ``state`` this is. CheckpointError for a type that is none."""
    return COLUMN_TYPES[validate_state(state, {"type": COLUMN_TYPES})["type"]].restore(state)


def explain_uselessness(raw: ValueStream, options: ColumnOptions) -> str | None:
    """Why the training rows of a column tell a network nothing, in words for the user."""
    extent = ColumnStatistics.compute(raw)
    if extent.first is None:
        return "it has no value in the training rows"
    if extent.is_constant and not extent.missing_count:
        return f"its value is {extent.first.to_text().values[0]} in every training row"
    if not options.has_kind and (reason := explain_identifier(raw, extent)):
        kind = "number" if raw.kind == "number" else "text" if has_words(raw) else "category"
        return f"{reason}; keep it with {suggest_type(raw.name, kind)}"
    return None


def fit_column(
    raw: ValueStream, options: ColumnOptions, one_hot_limit: int, text_features: int = MAX_TEXT_FEATURES
) -> Column:
    """The encoder of a column, fitted on its training rows ``raw``."""
    if options.type == "text" or (not options.has_kind and is_free_text(raw)):
        return TextColumn.fit(raw.to_text(), text_features)
    if options.type == "category" or options.encoding is not None or raw.kind == "text":
        return fit_category(raw.to_text(), options, one_hot_limit)
    if raw.kind == "boolean":
        return BooleanColumn.fit(raw)
    return TimeColumn.fit(raw) if raw.kind == "time" else NumberColumn.fit(raw)


def fit_category(raw: ValueStream, options: ColumnOptions, one_hot_limit: int) -> CategoryColumn:
    """One-hot up to ``one_hot_limit`` different values, above it an index, unless ``options`` says which."""
    if options.encoding is None:
        counts = raw.count_values()
        few = counts is not None and len(counts) - (None in counts) <= one_hot_limit
        return OneHotColumn.fit(raw) if few else IndexColumn.fit(raw)
    return OneHotColumn.fit(raw) if options.encoding == "one_hot" else IndexColumn.fit(raw)
