"""A schema from its state, whichever of the two it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.array_schema import ArraySchema
from nntrain.data.schema import Schema
from nntrain.errors import CheckpointError

__all__ = ["restored_schema"]

SCHEMAS: dict[str, type[Schema | ArraySchema]] = {"Schema": Schema, "ArraySchema": ArraySchema}


def restored_schema(state: Mapping[str, Any]) -> Schema | ArraySchema:
    """The schema whose ``state`` this is. CheckpointError if it is none."""
    if state["type"] not in SCHEMAS:
        raise CheckpointError(f"expected the state of a schema, got one of {state['type']!r}")
    return SCHEMAS[state["type"]].restore(state)
