"""The data of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from nntrain.data.array_schema import ArraySchema
from nntrain.data.part import Part
from nntrain.data.schema import Schema

__all__ = ["Prepared"]


@dataclass(frozen=True)
class Prepared:
    """The schema, the parts that it encoded, the fingerprint of the file, and sentences for the user."""

    schema: Schema | ArraySchema
    train: Part
    validation: Part | None
    test: Part | None
    fingerprint: str
    notes: list[str] = field(default_factory=list)
