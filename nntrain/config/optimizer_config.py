"""``[optimizer]``: the optimizer and its arguments."""

from typing import Any

from pydantic import ConfigDict, Field

from nntrain.config.section import Section


class OptimizerConfig(Section):
    """The type of an optimizer; all other keys are its arguments."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        default="adam",
        min_length=1,
        description="Optimizer. If type and weight_decay are both unset, weight_decay is 1 / (training rows).",
    )

    def spec(self) -> dict[str, Any]:
        """The spec from which the optimizer is built."""
        return self.model_dump()
