"""``[schedule]``: the learning rate schedule."""

from pydantic import Field

from nntrain.config.optional_spec import OptionalSpec


class ScheduleConfig(OptionalSpec):
    """The type of a schedule; all other keys are its arguments. Its peak is ``optimizer.learning_rate``."""

    kind = "schedule"

    type: str | None = Field(default=None, min_length=1, description="Schedule; default: a constant learning rate.")
