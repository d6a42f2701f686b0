"""``[optimizer]``: the optimizer and its arguments."""

from typing import Any

from pydantic import ConfigDict

from nntrain.config.section import Section, define_key


class OptimizerConfig(Section):
    """The type of an optimizer; all other keys are its arguments."""

    model_config = ConfigDict(extra="allow")

    type: str = define_key(
        "adam", "Optimizer. If type and weight_decay are both unset, weight_decay is 1 / (training rows).", min_length=1
    )

    def spec(self) -> dict[str, Any]:
        """The spec from which the optimizer is built."""
        return self.model_dump()
