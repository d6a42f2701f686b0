"""The sections of registered classes: ``[criterion]``, ``[optimizer]`` and ``[schedule]``."""

import math
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from nntrain.config.section import Section, define_key, is_number


class OptimizerConfig(Section):
    """The type of an optimizer; all other keys are its arguments."""

    model_config = ConfigDict(extra="allow")

    type: str = define_key(
        "adam", "Optimizer. If type and weight_decay are both unset, weight_decay is 1 / (training rows).", min_length=1
    )

    def spec(self) -> dict[str, Any]:
        """The spec from which the optimizer is built."""
        return self.model_dump()


class OptionalSpec(Section):
    """An optional type; all keys that are not fields of the section are its arguments."""

    model_config = ConfigDict(extra="allow")

    # The kind of the type, for errors.
    kind: ClassVar[str]

    type: str | None

    def spec(self) -> dict[str, Any] | None:
        """The spec to build; None if there is no type."""
        return None if self.type is None else self.model_dump(include={"type", *(self.model_extra or ())})

    @model_validator(mode="after")
    def _validate_arguments(self) -> Self:
        if self.type is None and self.model_extra:
            raise ValueError(
                f"missing type: '{next(iter(self.model_extra))}' is an argument of a {self.kind}; set its type"
            )
        return self


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

    @field_validator("class_weights", mode="before")
    @classmethod
    def _validate_class_weights(cls, given: Any) -> Any:
        weights = list(given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else ())
        valid = weights and all(is_number(w) and math.isfinite(w) and w >= 0 for w in weights)
        if valid or given in (None, "balanced"):
            return tuple(weights) if isinstance(given, list) else given
        raise PydanticCustomError("class_weights", "'balanced', or a table or a list of numbers of 0 or more")


class ScheduleConfig(OptionalSpec):
    """The type of a schedule; all other keys are its arguments. Its peak is ``optimizer.learning_rate``."""

    kind = "schedule"

    type: str | None = define_key(None, "Schedule; default: a constant learning rate.", min_length=1)
