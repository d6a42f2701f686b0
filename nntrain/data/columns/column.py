"""The base of column encoders."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from nntrain.compute.array import Array
from nntrain.data.fitted import Fitted
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream
from nntrain.errors import DataError


@dataclass
class Column(Fitted, ABC):
    """A fitted encoder."""

    kind: ClassVar[ValueKind]

    name: str

    # The type of the inputs, set by ``set_dtype``. Without an annotation it is not a field.
    dtype = "float32"

    # The number of values in the last ``encode`` of which the training rows had none: unknown categories, or missing
    # values without an indicator.
    unseen = 0

    # The value that replaces a missing one, for messages; empty where missing values are categories of their own.
    imputed: ClassVar[str] = ""

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

    @classmethod
    def check(cls, raw: ValueStream) -> None:
        """DataError if this class does not encode values of the kind of ``raw``."""
        if raw.kind != cls.kind:
            raise DataError(f"column {raw.name!r}: expected values of kind {cls.kind}, got {raw.kind}")
