"""``[criterion]``: the loss that training lowers."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from nntrain.config.section import Section


class CriterionConfig(Section):
    """A criterion's type; every other key is an argument of that criterion."""

    model_config = ConfigDict(extra="allow")

    type: str | None = Field(default=None, min_length=1, description="The criterion; decided by the task when absent.")

    def spec(self) -> dict[str, Any] | None:
        """What the criterion is built from; None when the task decides."""
        return None if self.type is None else self.model_dump()

    @model_validator(mode="after")
    def _arguments_belong_to_a_type(self) -> Self:
        if self.type is None and self.model_extra:
            raise ValueError(f"missing type: which criterion has the argument '{next(iter(self.model_extra))}'?")
        return self
