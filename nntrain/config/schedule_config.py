"""``[schedule]``: the learning rate schedule."""

from nntrain.config.optional_spec import OptionalSpec
from nntrain.config.section import define_key


class ScheduleConfig(OptionalSpec):
    """The type of a schedule; all other keys are its arguments. Its peak is ``optimizer.learning_rate``."""

    kind = "schedule"

    type: str | None = define_key(None, "Schedule; default: a constant learning rate.", min_length=1)
