"""The data of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.part import Part
from nntrain.data.schema import Schema

__all__ = ["Prepared"]


@dataclass(frozen=True)
class Prepared:
    """The schema, the parts that it encoded, the fingerprint of the file, and sentences for the user.

    ``cuts``: the rows of the file that are in each part, as far as they are known.
    """

    schema: Schema | ArraySchema
    train: Part
    validation: Part | None
    test: Part | None
    fingerprint: str
    notes: list[str] = field(default_factory=list)
    cuts: Mapping[str, Array] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """The notes that tell of wrong results."""
        return self.schema.warnings if isinstance(self.schema, Schema) else []

    @property
    def parts(self) -> dict[str, Part]:
        """The parts that there are, by name."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: part for name, part in parts.items() if part is not None}
