"""``[schedule]``: how the learning rate changes during a run."""

from __future__ import annotations

from pydantic import Field

from nntrain.config.optional_spec import OptionalSpec


class ScheduleConfig(OptionalSpec):
    """A schedule's type; every other key is an argument of that schedule. Its peak is ``optimizer.learning_rate``."""

    kind = "schedule"

    type: str | None = Field(
        default=None, min_length=1, description="The schedule; the learning rate stays what it is when absent."
    )
