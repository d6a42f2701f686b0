"""The encoders by name: what a checkpoint names is looked up here, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.columns.boolean_column import BooleanColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.columns.one_hot_column import OneHotColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.columns.time_column import TimeColumn
from nntrain.specs.state_schema import validate_state

__all__ = ["COLUMN_TYPES", "restore_column"]

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
