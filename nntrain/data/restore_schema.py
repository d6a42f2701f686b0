"""A schema from a checkpoint, of whichever sort it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.array_schema import ArraySchema
from nntrain.data.schema import Schema
from nntrain.errors import CheckpointError

__all__ = ["restore_schema"]

SCHEMA_TYPES: dict[str, type[Schema | ArraySchema]] = {"ArraySchema": ArraySchema, "Schema": Schema}


def restore_schema(state: Mapping[str, Any]) -> Schema | ArraySchema:
    """The schema whose ``state`` this is. CheckpointError for a type that is none."""
    if state["type"] not in SCHEMA_TYPES:
        raise CheckpointError(f"unknown type of schema {state['type']!r}; expected one of {', '.join(SCHEMA_TYPES)}")
    return SCHEMA_TYPES[state["type"]].restore(state)
