"""A schema from its state, whichever of the two it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.data.array_schema import ArraySchema
from nntrain.data.schema import Schema
from nntrain.specs.state_schema import validate_state

__all__ = ["restored_schema"]

SCHEMAS: dict[str, type[Schema | ArraySchema]] = {"Schema": Schema, "ArraySchema": ArraySchema}


def restored_schema(state: Mapping[str, Any]) -> Schema | ArraySchema:
    """The schema whose ``state`` this is. CheckpointError if it is none."""
    return SCHEMAS[validate_state(state, {"type": SCHEMAS})["type"]].restore(state)
