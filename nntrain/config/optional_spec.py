"""The base of sections with an optional registered type."""

from typing import Any, ClassVar, Self

from pydantic import ConfigDict, model_validator

from nntrain.config.section import Section


class OptionalSpec(Section):
    """An optional type; all other keys are its arguments."""

    model_config = ConfigDict(extra="allow")

    # The kind of the type, for errors.
    kind: ClassVar[str]

    type: str | None

    def spec(self) -> dict[str, Any] | None:
        """The spec to build; None if there is no type."""
        return None if self.type is None else self.model_dump()

    @model_validator(mode="after")
    def _validate_arguments(self) -> Self:
        if self.type is None and self.model_extra:
            raise ValueError(
                f"missing type: '{next(iter(self.model_extra))}' is an argument of a {self.kind}; set its type"
            )
        return self
