"""``[criterion]``: the loss function."""

import math
from typing import Any, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from nntrain.config.data_values import is_number
from nntrain.config.optional_spec import OptionalSpec
from nntrain.config.section import define_key


class CriterionConfig(OptionalSpec):
    """The type of a criterion; all other keys are its arguments."""

    kind = "criterion"

    type: str | None = define_key(None, "Criterion (loss function); default: chosen by the task.", min_length=1)
    class_weights: Literal["balanced"] | dict[str, float] | tuple[float, ...] | None = define_key(
        None,
        "Class weights: 'balanced' for rows / (classes · rows of the class), a TOML table by class "
        "(omitted classes: 1), or a list for all classes. They set the argument weights of the criterion.",
        examples=["balanced"],
    )

    def spec(self) -> dict[str, Any] | None:
        spec = super().spec()
        return None if spec is None else {key: value for key, value in spec.items() if key != "class_weights"}

    @field_validator("class_weights", mode="before")
    @classmethod
    def _validate_class_weights(cls, given: Any) -> Any:
        weights = list(given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else ())
        valid = weights and all(is_number(w) and math.isfinite(w) and w >= 0 for w in weights)
        if valid or given in (None, "balanced"):
            return tuple(weights) if isinstance(given, list) else given
        raise PydanticCustomError("class_weights", "'balanced', or a table or a list of numbers of 0 or more")
