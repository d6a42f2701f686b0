"""The base of column encoders."""

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


@dataclass
class Column(ABC):
    """A fitted encoder. Its fields are JSON values and form its complete state."""

    kind: ClassVar[ValueKind]

    name: str

    # The type of the inputs, set by ``set_dtype``. Without an annotation it is not a field.
    dtype = "float32"

    def set_dtype(self, dtype: str) -> None:
        """Encode in this floating type from now on."""
        self.dtype = dtype

    @classmethod
    @abstractmethod
    def fit(cls, raw: ValueStream) -> Self:
        """Fit an encoder on training rows, missing values included."""

    @abstractmethod
    def encode(self, raw: RawColumn) -> Array:
        """Return network inputs: floating (n, width), or int64 (n,) for an index."""

    @property
    def names(self) -> list[str]:
        """The names of the ``width`` inputs."""
        return [self.name]

    @property
    def width(self) -> int:
        """The number of inputs."""
        return len(self.names)

    def row_bytes(self) -> int:
        """Return the bytes of an encoded row."""
        return 8 * self.width

    def state(self) -> dict[str, Any]:
        """Return the fields, with the class name as ``type``."""
        return {
            "type": type(self).__name__,
            **{name: to_json_value(getattr(self, name)) for name in get_field_types(type(self))},
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """Restore an encoder from its ``state``. CheckpointError for missing or mistyped fields."""
        return cls(**validate_state(state, get_field_types(cls)))

    @classmethod
    def check(cls, raw: ValueStream) -> None:
        """DataError if this class does not encode values of the kind of ``raw``."""
        if raw.kind != cls.kind:
            raise DataError(f"column {raw.name!r}: expected values of kind {cls.kind}, got {raw.kind}")


@cache
def get_field_types(cls: type[Column]) -> dict[str, Any]:
    """Return the fields of an encoder with their types; cached, as a table may have thousands of columns."""
    types = get_type_hints(cls)
    return {field.name: types[field.name] for field in fields(cls)}


def to_json_value(value: Any) -> Any:
    """Return the value of a field as a JSON value; lists are copied."""
    if isinstance(value, list):
        return list(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
