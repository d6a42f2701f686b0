"""``[optimizer]``: how the parameters follow their gradients."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from nntrain.config.section import Section


class OptimizerConfig(Section):
    """An optimizer's type; every other key is an argument of that optimizer."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        default="adam",
        min_length=1,
        description="The optimizer. If it is left out, and no weight_decay is given, that is 1 / (training rows).",
    )

    def spec(self) -> dict[str, Any]:
        """What the optimizer is built from."""
        return self.model_dump()
