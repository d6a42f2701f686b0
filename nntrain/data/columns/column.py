"""What every encoder of a column can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, Self, get_type_hints

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError
from nntrain.specs.state_schema import validate_state

__all__ = ["Column"]


@dataclass
class Column(ABC):
    """A fitted encoder. Its fields are JSON values and are all of its state."""

    kind: ClassVar[ValueKind]

    name: str

    # The type of the inputs, which ``give`` sets. Without an annotation it is no field.
    dtype = "float32"

    def give(self, dtype: str) -> None:
        """Encode as numbers of that floating type from now on."""
        self.dtype = dtype

    @classmethod
    @abstractmethod
    def fit(cls, raw: ValueStream) -> Self:
        """Learn from the training rows; missing values are in them."""

    @abstractmethod
    def encode(self, raw: RawColumn) -> Array:
        """Inputs for a network: floating (n, width), or int64 (n,) for an index."""

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """The names of the ``width`` inputs."""

    @property
    def width(self) -> int:
        """Inputs that the column gives."""
        return len(self.names)

    def row_bytes(self) -> int:
        """The bytes of what it encodes of a row."""
        return 8 * self.width

    def state(self) -> dict[str, Any]:
        """The fields, with the name of the class as ``type``."""
        return {
            "type": type(self).__name__,
            **{name: to_json_value(getattr(self, name)) for name in get_field_types(type(self))},
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """The encoder whose ``state`` this is. CheckpointError if its fields are not those of one."""
        return cls(**validate_state(state, get_field_types(cls)))

    @classmethod
    def check(cls, raw: ValueStream) -> None:
        """DataError unless ``raw`` is of the kind that this class encodes."""
        if raw.kind != cls.kind:
            raise DataError(f"column {raw.name!r}: expected values of kind {cls.kind}, got {raw.kind}")


@cache
def get_field_types(cls: type[Column]) -> dict[str, Any]:
    """The fields of an encoder with their types, found once: a table may have thousands of columns."""
    kinds = get_type_hints(cls)
    return {field.name: kinds[field.name] for field in fields(cls)}


def to_json_value(value: Any) -> Any:
    """The value of a field as JSON has it; a list is a new one."""
    if isinstance(value, list):
        return list(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
