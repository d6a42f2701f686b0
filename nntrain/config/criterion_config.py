"""``[criterion]``: the loss that training lowers."""

from __future__ import annotations

from pydantic import Field

from nntrain.config.optional_spec import OptionalSpec


class CriterionConfig(OptionalSpec):
    """A criterion's type; every other key is an argument of that criterion."""

    kind = "criterion"

    type: str | None = Field(default=None, min_length=1, description="The criterion; decided by the task when absent.")
