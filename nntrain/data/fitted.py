"""Objects that are fitted on training rows, and their states."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, ClassVar, Self, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from nntrain.specs.state_schema import validate_state

FittedT = TypeVar("FittedT", bound="Fitted")


@dataclass(eq=False)
class Fitted:
    """A dataclass whose fields form its complete state: JSON values, arrays, and objects with a state of their own.

    ``state_type``: its type in the state; default: the name of the class.
    """

    state_type: ClassVar[str | None] = None

    def state(self) -> dict[str, Any]:
        """Return the fields as a tree of arrays and JSON values, with its ``type``."""
        values = {field.name: to_state_value(getattr(self, field.name)) for field in fields(self)}
        return {"type": self.state_type or type(self).__name__, **values}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """Restore an object from its ``state``. CheckpointError for missing or mistyped fields."""
        return cls(**cls.validate(state))

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields from a state. Those that have a default are missing in states of older versions."""
        kinds = get_field_kinds(cls)  # type: ignore[arg-type]
        required = {field.name for field in fields(cls) if field.default is field.default_factory is MISSING}
        return validate_state(state, {name: kinds[name] for name in kinds if name in state or name in required})


@cache
def get_field_kinds(cls: type[Any]) -> dict[str, Any]:
    """Return the fields with their kinds in a state; cached, as a table may have thousands of columns."""
    hints = get_type_hints(cls)
    return {field.name: to_state_kind(hints[field.name]) for field in fields(cls)}


def to_state_kind(hint: Any) -> Any:
    """Return the kind of a state's value, as in ``validate_state``, from the type of a field."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is np.ndarray:
        return origin
    if origin in (list, tuple):
        return list[to_state_kind(arguments[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[str, to_state_kind(arguments[1])]  # type: ignore[misc]
    return dict[str, Any] if hasattr(hint, "restore") else hint


def to_state_value(value: Any) -> Any:
    """Return the value of a field as it is in a state; lists and arrays are copied."""
    if isinstance(value, dict):
        return {key: to_state_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        # Lists may be long, and their elements have one type.
        return [item.state() for item in value] if value and hasattr(value[0], "state") else list(value)
    if isinstance(value, np.ndarray):
        return value.copy()
    return value.state() if hasattr(value, "state") else value


def restore_fitted(classes: Iterable[type[FittedT]], state: Mapping[str, Any]) -> FittedT:
    """Restore an object of one of ``classes``, in which its type is looked up. CheckpointError for another type."""
    types = {cls.state_type or cls.__name__: cls for cls in classes}
    return types[validate_state(state, {"type": types})["type"]].restore(state)
