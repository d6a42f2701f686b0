"""The base of the tables that name something registered, or leave it to be decided."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import ConfigDict, model_validator

from nntrain.config.section import Section


class OptionalSpec(Section):
    """A type that may be absent; every other key is an argument of that type."""

    model_config = ConfigDict(extra="allow")

    # What a type of this table is, as errors call it.
    kind: ClassVar[str]

    type: str | None

    def spec(self) -> dict[str, Any] | None:
        """What is to be built; None when there is no type."""
        return None if self.type is None else self.model_dump()

    @model_validator(mode="after")
    def _validate_arguments(self) -> Self:
        if self.type is None and self.model_extra:
            raise ValueError(f"missing type: which {self.kind} has the argument '{next(iter(self.model_extra))}'?")
        return self
